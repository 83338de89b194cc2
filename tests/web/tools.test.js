import assert from 'node:assert/strict'
import { test } from 'node:test'

import { functionCallOutputs, pageTools, resetColours } from '../../web/conversation/tools.js'

const ELEMENTS = ['background', 'text', 'accent']

/** The page's functions over a style that is only remembered; `supports` is a browser that takes every colour. */
function aPage({ supports = () => true } = {}) {
  const painted = new Map()
  const style = { setProperty: (name, value) => painted.set(name, value), removeProperty: (name) => painted.delete(name) }
  const tools = pageTools({ style, supports, now: () => new Date('2026-11-22T12:00:00Z') })
  return { painted, style, tools }
}

const finished = (...output) => ({ type: 'response.done', response: { id: 'resp_1', status: 'completed', output } })
const call = (name, args, call_id = 'tool_1') => ({ id: 'item_1', type: 'function_call', name, arguments: args, call_id })
const outputs = (events) => events.map(({ item }) => JSON.parse(item.output))
const paint = (tools, element, colour) => outputs(functionCallOutputs(finished(call('set_colour', JSON.stringify({ element, colour }))), tools))[0]

test('a function call is answered with its result', () => {
  const { tools, painted } = aPage()
  const event = finished(call('set_colour', '{"element":"background","colour":"teal"}'))

  assert.deepEqual(functionCallOutputs(event, tools), [
    {
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: 'tool_1', output: '{"element":"background","colour":"teal"}' }
    }
  ])
  assert.deepEqual([...painted], [['--background', 'teal']])
})

test('several calls of one response are answered one by one', () => {
  const { tools } = aPage()
  const speech = { id: 'item_0', type: 'message', role: 'assistant' }
  const events = functionCallOutputs(finished(speech, call('get_time', '{}', 'tool_1'), call('get_time', '', 'tool_2')), tools)

  assert.deepEqual(
    events.map(({ item }) => item.call_id),
    ['tool_1', 'tool_2']
  )
})

test('a response without calls asks for nothing', () => {
  assert.deepEqual(functionCallOutputs({ type: 'response.done', response: { status: 'completed', output: [] } }, aPage().tools), [])
  assert.deepEqual(functionCallOutputs({ type: 'response.created', response: { status: 'in_progress' } }, aPage().tools), [])
})

test('the calls of a cancelled response are not run', () => {
  const { tools, painted } = aPage()
  const event = finished(call('set_colour', '{"element":"text","colour":"red"}'))
  event.response.status = 'cancelled'

  assert.deepEqual(functionCallOutputs(event, tools), [])
  assert.equal(painted.size, 0)
})

test('each of the three elements has its own custom property', () => {
  const { tools, painted } = aPage()
  for (const element of ELEMENTS) paint(tools, element, 'navy')

  assert.deepEqual([...painted.keys()], ['--background', '--text', '--accent'])
})

for (const colour of ['teal', '#fff', '#a1b2c3d4', 'rgb(1 2 3 / 50%)', 'hsl(120deg, 50%, 50%)', 'oklch(0.7 0.1 200)']) {
  test(`${colour} is a colour`, () => {
    const { tools, painted } = aPage()

    assert.deepEqual(paint(tools, 'accent', colour), { element: 'accent', colour })
    assert.equal(painted.get('--accent'), colour)
  })
}

for (const colour of ['var(--text)', 'url(https://elsewhere.example/x)', 'red; --text: red', 'env(x)', 'initial', 'Inherit', 'transparent', 'currentColor', '', 42, null]) {
  test(`${colour} is not painted, and the model is told what a colour is`, () => {
    const { tools, painted } = aPage()

    assert.match(paint(tools, 'background', colour).error, /is not a CSS colour: use a name such as teal, or #rrggbb/)
    assert.equal(painted.size, 0)
  })
}

test('what the browser does not know as a colour is not painted', () => {
  const asked = []
  const { tools, painted } = aPage({ supports: (property, value) => (asked.push([property, value]), false) })

  assert.equal(paint(tools, 'text', 'blurple').error, 'blurple is not a CSS colour: use a name such as teal, or #rrggbb.')
  assert.deepEqual(asked, [['color', 'blurple']])
  assert.equal(painted.size, 0)
})

test('nothing but the three elements can be painted', () => {
  const { tools, painted } = aPage()

  assert.equal(paint(tools, '__proto__', 'red').error, 'There is no element __proto__: use background, text, accent.')
  assert.equal(painted.size, 0)
})

test('a function that the page does not have is an answer that the model can read', () => {
  assert.deepEqual(outputs(functionCallOutputs(finished(call('format_disk', '{}')), aPage().tools)), [{ error: 'This page has no function format_disk.' }])
})

for (const [args, error] of [
  ['{"element":', 'The arguments are not JSON.'],
  ['null', 'The arguments are not an object.'],
  ['"red"', 'The arguments are not an object.']
]) {
  test(`the arguments ${args} are refused in words`, () => {
    assert.deepEqual(outputs(functionCallOutputs(finished(call('set_colour', args)), aPage().tools)), [{ error }])
  })
}

test('a mistake in a function is not told to the model: it surfaces', () => {
  const broken = new Map([['broken', () => undefined.nothing]])

  assert.throws(() => functionCallOutputs(finished(call('broken', '{}')), broken), TypeError)
})

test('the time is told in the person’s own time zone', () => {
  const [time] = outputs(functionCallOutputs(finished(call('get_time', '{}')), aPage().tools))

  assert.equal(time.utc, '2026-11-22T12:00:00.000Z')
  assert.equal(time.time_zone, Intl.DateTimeFormat().resolvedOptions().timeZone)
  assert.match(time.local, /^Sunday,? 22 November 2026/)
})

test('resetting gives the page its own colours back', () => {
  const { tools, painted, style } = aPage()
  for (const element of ELEMENTS) paint(tools, element, 'navy')

  resetColours(style)

  assert.equal(painted.size, 0)
})
