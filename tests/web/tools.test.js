import assert from 'node:assert/strict'
import { test } from 'node:test'

import { resetColours } from '../../web/conversation/colours.js'
import { pageTools } from '../../web/conversation/tools.js'
import { aSession } from './session.js'
import { deferred, settled } from './fakes.js'

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

/** What is sent when the model calls functions. */
async function sentFor(tools, event) {
  const { session, sent, errors, transcript } = aSession({ tools })
  session.take(event, 0)
  await settled()
  return { session, sent, errors, transcript }
}

async function outputs(tools, ...calls) {
  const { sent } = await sentFor(tools, finished(...calls))
  return sent.filter(({ item }) => item).map(({ item }) => JSON.parse(item.output))
}

const paint = async (tools, element, colour) => (await outputs(tools, call('set_colour', JSON.stringify({ element, colour }))))[0]

test('a function call is answered with its result, and the model is asked to go on', async () => {
  const { tools, painted } = aPage()
  const { sent } = await sentFor(tools, finished(call('set_colour', '{"element":"background","colour":"teal"}')))

  assert.deepEqual(sent, [
    {
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: 'tool_1', output: '{"element":"background","colour":"teal"}' }
    },
    { type: 'response.create', event_id: 'response_1' }
  ])
  assert.deepEqual([...painted], [['--background', 'teal']])
})

test('several calls of one response are answered in their order, however long each takes', async () => {
  const tools = { slow: () => new Promise((resolve) => setImmediate(() => resolve('slow'))), quick: () => 'quick' }
  const speech = { id: 'item_0', type: 'message', role: 'assistant' }
  const { sent } = await sentFor(tools, finished(speech, call('slow', '{}', 'tool_1'), call('quick', '', 'tool_2')))
  await settled()

  assert.deepEqual(
    sent.map(({ type, item }) => item?.call_id ?? type),
    ['tool_1', 'tool_2', 'response.create']
  )
})

test('what a function finds out when the call is over is told to nobody', async () => {
  const slow = deferred()
  const { session, sent } = await sentFor({ slow: () => slow.promise }, finished(call('slow', '{}')))
  session.end(0)
  slow.resolve('at last')
  await settled()

  assert.deepEqual(sent, [])
})

test('a response without calls asks for nothing', async () => {
  const { tools } = aPage()

  assert.deepEqual((await sentFor(tools, finished())).sent, [])
  assert.deepEqual((await sentFor(tools, { type: 'response.created', response: { status: 'in_progress' } })).sent, [])
})

test('the calls of a cancelled response are not run', async () => {
  const { tools, painted } = aPage()
  const event = finished(call('set_colour', '{"element":"text","colour":"red"}'))
  event.response.status = 'cancelled'

  assert.deepEqual((await sentFor(tools, event)).sent, [])
  assert.equal(painted.size, 0)
})

test('each of the three elements has its own custom property', async () => {
  const { tools, painted } = aPage()
  for (const element of ELEMENTS) await paint(tools, element, 'navy')

  assert.deepEqual([...painted.keys()], ['--background', '--text', '--accent'])
})

for (const colour of ['teal', '#fff', '#a1b2c3d4', 'rgb(1 2 3 / 50%)', 'hsl(120deg, 50%, 50%)', 'oklch(0.7 0.1 200)']) {
  test(`${colour} is a colour`, async () => {
    const { tools, painted } = aPage()

    assert.deepEqual(await paint(tools, 'accent', colour), { element: 'accent', colour })
    assert.equal(painted.get('--accent'), colour)
  })
}

for (const colour of ['var(--text)', 'url(https://elsewhere.example/x)', 'red; --text: red', 'env(x)', 'initial', 'Inherit', 'transparent', 'currentColor', '', 42, null]) {
  test(`${colour} is not painted, and the model is told what a colour is`, async () => {
    const { tools, painted } = aPage()

    assert.match((await paint(tools, 'background', colour)).error, /is not a CSS colour: use a name such as teal, or #rrggbb/)
    assert.equal(painted.size, 0)
  })
}

test('what the browser does not know as a colour is not painted', async () => {
  const asked = []
  const { tools, painted } = aPage({ supports: (property, value) => (asked.push([property, value]), false) })

  assert.equal((await paint(tools, 'text', 'blurple')).error, 'blurple is not a CSS colour: use a name such as teal, or #rrggbb.')
  assert.deepEqual(asked, [['color', 'blurple']])
  assert.equal(painted.size, 0)
})

test('nothing but the three elements can be painted', async () => {
  const { tools, painted } = aPage()

  assert.equal((await paint(tools, '__proto__', 'red')).error, 'There is no element __proto__: use background, text, accent.')
  assert.equal(painted.size, 0)
})

for (const name of ['format_disk', 'toString', '__proto__']) {
  test(`that the page has no function ${name} is an answer that the model can read`, async () => {
    assert.deepEqual(await outputs(aPage().tools, call(name, '{}')), [{ error: `This page has no function ${name}.` }])
  })
}

for (const [args, error] of [
  ['{"element":', 'The arguments are not JSON.'],
  ['null', 'The arguments are not an object.'],
  ['"red"', 'The arguments are not an object.']
]) {
  test(`the arguments ${args} are refused in words`, async () => {
    assert.deepEqual(await outputs(aPage().tools, call('set_colour', args)), [{ error }])
  })
}

test('a mistake in a function is an error for the page, and the model is told no more than that it failed', async () => {
  const { sent, errors } = await sentFor({ broken: () => undefined.nothing }, finished(call('broken', '{}')))

  assert.equal(JSON.parse(sent[0].item.output).error, 'The function broken failed.')
  assert.deepEqual(errors.map(({ code, message, cause }) => [code, message, cause.constructor]), [['tool_failed', 'The function broken failed.', TypeError]])
})

test('the time is told in the person’s own time zone', async () => {
  const [time] = await outputs(aPage().tools, call('get_time', '{}'))

  assert.equal(time.utc, '2026-11-22T12:00:00.000Z')
  assert.equal(time.time_zone, Intl.DateTimeFormat().resolvedOptions().timeZone)
  assert.match(time.local, /^Sunday,? 22 November 2026/)
})

test('resetting gives the page its own colours back', async () => {
  const { tools, painted, style } = aPage()
  for (const element of ELEMENTS) await paint(tools, element, 'navy')

  resetColours(style)

  assert.equal(painted.size, 0)
})

for (const [what, result] of Object.entries({ 'that refers to itself': () => Object.assign({}, { get self() { return this } }), 'with a BigInt': () => ({ count: 1n }) })) {
  test(`a result ${what} is a mistake in the function: the model is told that it failed`, async () => {
    const { sent, errors } = await sentFor({ count: result }, finished(call('count', '{}')))

    assert.deepEqual(sent.map(({ type, item }) => [type, item?.output]), [
      ['conversation.item.create', '{"error":"The function count failed."}'],
      ['response.create', undefined]
    ])
    assert.deepEqual(errors.map(({ code }) => code), ['tool_failed'])
  })
}

test('a function that returns nothing is answered with null', async () => {
  assert.deepEqual(await outputs({ forget: () => {} }, call('forget', '{}')), [null])
})
