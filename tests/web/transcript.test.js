import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aSession } from './session.js'

const SESSION = { type: 'session.created', session: { type: 'realtime', audio: { input: { transcription: { model: 'gpt-transcribe' } } } } }

const turnsAfter = (...events) => {
  const { session, transcript } = aSession()
  for (const event of events) session.take(event, 0)
  return transcript.turns
}

const person = (id, text, state = 'final') => ({ id, speaker: 'person', text, state })
const model = (id, text, state = 'final') => ({ id, speaker: 'model', text, state })

const typed = (id, text, previous) => ({
  type: 'conversation.item.added',
  previous_item_id: previous ?? null,
  item: { id, type: 'message', role: 'user', status: 'completed', content: [{ type: 'input_text', text }] }
})
const spoken = (id, previous) => ({
  type: 'conversation.item.added',
  previous_item_id: previous ?? null,
  item: { id, type: 'message', role: 'user', status: 'completed', content: [{ type: 'input_audio', transcript: null }] }
})
const heard = (id, transcript) => ({ type: 'conversation.item.input_audio_transcription.completed', item_id: id, content_index: 0, transcript })
const hearing = (id, delta) => ({ type: 'conversation.item.input_audio_transcription.delta', item_id: id, content_index: 0, delta })
const answering = (id, delta, index = 0) => ({
  type: 'response.output_audio_transcript.delta',
  response_id: 'resp_1',
  item_id: id,
  content_index: index,
  delta
})
const began = (id) => ({
  type: 'conversation.item.added',
  item: { id, type: 'message', role: 'assistant', status: 'in_progress', content: [] }
})
const ended = (id, status, transcript) => ({
  type: 'conversation.item.done',
  item: { id, type: 'message', role: 'assistant', status, content: [{ type: 'output_audio', transcript }] }
})
const done = (status) => ({ type: 'response.done', response: { id: 'resp_1', status } })

test('a conversation that has not begun has no turns', () => {
  assert.deepEqual(turnsAfter(SESSION, { type: 'rate_limits.updated' }, { type: 'of.tomorrow' }), [])
})

/** It has no voice, and may be Markdown. */
const written = (turn) => ({ ...turn, written: true })

test('a typed message is a final turn of the person', () => {
  assert.deepEqual(turnsAfter(SESSION, typed('item_1', 'hello there')), [written(person('item_1', 'hello there'))])
})

test('the item of an older server reads the same', () => {
  assert.deepEqual(turnsAfter({ ...typed('item_1', 'hello'), type: 'conversation.item.created' }), [written(person('item_1', 'hello'))])
})

test('the model’s words appear as they come, and become final with the response', () => {
  const events = [began('item_2'), answering('item_2', 'Good '), answering('item_2', 'morning')]
  assert.deepEqual(turnsAfter(...events), [model('item_2', 'Good morning', 'partial')])

  const transcript = { type: 'response.output_audio_transcript.done', response_id: 'resp_1', item_id: 'item_2', content_index: 0, transcript: 'Good morning.' }
  assert.deepEqual(turnsAfter(...events, transcript, done('completed')), [model('item_2', 'Good morning.')])
})

test('an answer in text reads like one in audio', () => {
  const where = { response_id: 'resp_1', item_id: 'item_2', content_index: 0 }

  assert.deepEqual(turnsAfter({ type: 'response.output_text.delta', ...where, delta: 'Good mor' }), [written(model('item_2', 'Good mor', 'partial'))])
  assert.deepEqual(
    turnsAfter({ type: 'response.output_text.delta', ...where, delta: 'Good mor' }, { type: 'response.output_text.done', ...where, text: 'Good morning' }, done('completed')),
    [written(model('item_2', 'Good morning'))]
  )
})

test('the parts of an answer stand in their order, not in the order of arrival', () => {
  assert.deepEqual(turnsAfter(answering('item_2', 'world', 1), answering('item_2', 'Hello ', 0)), [model('item_2', 'Hello world', 'partial')])
})

test('what the person says is a turn from the moment it is committed, its words still to come', () => {
  assert.deepEqual(turnsAfter(SESSION, { type: 'input_audio_buffer.committed', item_id: 'item_1' }, spoken('item_1')), [person('item_1', '', 'partial')])
})

test('the person’s words appear as they are transcribed', () => {
  assert.deepEqual(turnsAfter(SESSION, spoken('item_1'), hearing('item_1', 'how '), hearing('item_1', 'are')), [person('item_1', 'how are', 'partial')])
  assert.deepEqual(turnsAfter(SESSION, spoken('item_1'), hearing('item_1', 'how '), heard('item_1', 'How are you?')), [person('item_1', 'How are you?')])
})

test('the person’s words stand before the answer, however late they arrive', () => {
  const turns = turnsAfter(SESSION, spoken('item_1'), began('item_2'), answering('item_2', 'Fine.'), done('completed'), heard('item_1', 'How are you?'))

  assert.deepEqual(turns, [person('item_1', 'How are you?'), model('item_2', 'Fine.')])
})

test('an item that names its predecessor is put behind it', () => {
  const turns = turnsAfter(typed('item_1', 'one'), typed('item_3', 'three', 'item_1'), typed('item_2', 'two', 'item_1'))

  assert.deepEqual(
    turns.map(({ id }) => id),
    ['item_1', 'item_2', 'item_3']
  )
})

test('a retrieved item does not wipe out what was transcribed', () => {
  const retrieved = { ...spoken('item_1'), type: 'conversation.item.retrieved' }

  assert.deepEqual(turnsAfter(SESSION, spoken('item_1'), heard('item_1', 'Hello'), retrieved), [person('item_1', 'Hello')])
})

test('speech that nobody transcribes waits for no words', () => {
  const session = { type: 'session.created', session: { type: 'realtime', audio: { input: { transcription: null } } } }

  assert.deepEqual(turnsAfter(session, { type: 'input_audio_buffer.committed', item_id: 'item_1' }), [person('item_1', '')])
  assert.deepEqual(turnsAfter(session, spoken('item_1')), [person('item_1', '')])
})

test('a transcription that failed is a failed turn', () => {
  const failed = { type: 'conversation.item.input_audio_transcription.failed', item_id: 'item_1', error: { message: 'Too quiet.' } }

  assert.deepEqual(turnsAfter(SESSION, spoken('item_1'), failed), [person('item_1', '', 'failed')])
})

for (const [reason, events] of Object.entries({
  'cancelled while it is generated': [answering('item_2', 'Once upon'), done('cancelled')],
  'marked incomplete': [answering('item_2', 'Once upon'), ended('item_2', 'incomplete', 'Once upon'), done('cancelled')],
  'truncated while it is played': [answering('item_2', 'Once upon'), ended('item_2', 'completed', 'Once upon'), done('completed'), { type: 'conversation.item.truncated', item_id: 'item_2' }],
  'truncated before it is done': [answering('item_2', 'Once upon'), { type: 'conversation.item.truncated', item_id: 'item_2' }, ended('item_2', 'completed', 'Once upon'), done('completed')],
  'cut off by a limit': [answering('item_2', 'Once upon'), done('incomplete')]
})) {
  test(`an answer that is ${reason} was interrupted`, () => {
    assert.deepEqual(turnsAfter(...events), [model('item_2', 'Once upon', 'interrupted')])
  })
}

test('an answer that fails is a failed turn, and turns of other responses stay as they are', () => {
  const other = { ...answering('item_9', 'Other'), response_id: 'resp_9' }

  assert.deepEqual(turnsAfter(other, answering('item_2', 'Well'), done('failed')), [model('item_9', 'Other', 'partial'), model('item_2', 'Well', 'failed')])
})

test('a deleted item is gone', () => {
  assert.deepEqual(turnsAfter(typed('item_1', 'one'), typed('item_2', 'two'), { type: 'conversation.item.deleted', item_id: 'item_1' }), [written(person('item_2', 'two'))])
})

test('instructions that are put into the conversation are nobody’s turn', () => {
  const item = { id: 'item_1', type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Be brief.' }] }

  assert.deepEqual(turnsAfter({ type: 'conversation.item.added', item }), [])
})

const CALLING = [
  { type: 'response.output_item.added', response_id: 'resp_1', item: { id: 'item_3', type: 'function_call', name: 'set_colour', arguments: '', call_id: 'tool_1' } },
  { type: 'response.function_call_arguments.delta', response_id: 'resp_1', item_id: 'item_3', call_id: 'tool_1', delta: '{"element":' }
]
const CALLED = {
  type: 'response.function_call_arguments.done',
  response_id: 'resp_1',
  item_id: 'item_3',
  call_id: 'tool_1',
  name: 'set_colour',
  arguments: '{"element":"text"}'
}

test('a function call shows its arguments as they come', () => {
  assert.deepEqual(turnsAfter(...CALLING), [
    { id: 'item_3', speaker: 'function', name: 'set_colour', arguments: '{"element":', output: undefined, state: 'partial' }
  ])
})

test('a function call is over when its result went back, not before', () => {
  const called = { id: 'item_3', speaker: 'function', name: 'set_colour', arguments: '{"element":"text"}', output: undefined, state: 'partial' }
  assert.deepEqual(turnsAfter(...CALLING, CALLED, done('completed')), [called])

  const output = { type: 'conversation.item.added', item: { id: 'item_4', type: 'function_call_output', call_id: 'tool_1', output: '{"ok":true}' } }
  assert.deepEqual(turnsAfter(...CALLING, CALLED, done('completed'), output), [{ ...called, output: '{"ok":true}', state: 'final' }])
})

test('a function call of a cancelled response was interrupted', () => {
  assert.equal(turnsAfter(...CALLING, CALLED, done('cancelled'))[0].state, 'interrupted')
})

test('a result that belongs to no call is not a turn', () => {
  const item = { id: 'item_4', type: 'function_call_output', call_id: 'tool_9', output: '{}' }

  assert.deepEqual(turnsAfter({ type: 'conversation.item.added', item }), [])
})

test('what was being said when the connection was lost stays cut short, and a remark tells why', () => {
  const { session, transcript } = aSession()
  const delta = { type: 'response.output_audio_transcript.delta', item_id: 'a', response_id: 'r', delta: 'It was' }
  session.take(delta, 0)
  session.end(0)
  transcript.remark('reconnecting', 'The connection was lost.')
  aSession({ transcript }).session.take({ ...delta, item_id: 'b', response_id: 's', delta: 'Hello' }, 0)

  assert.deepEqual(
    transcript.turns.map(({ speaker, text, state }) => [speaker, text, state]),
    [
      ['model', 'It was', 'interrupted'],
      ['page', 'The connection was lost.', 'final'],
      ['model', 'Hello', 'partial']
    ]
  )
})

const STORY = 'Once upon a time there was a king who had three sons.'
const TELLING = answering('item_2', STORY)
const playing = { type: 'output_audio_buffer.started', response_id: 'resp_1' }
const cleared = { type: 'output_audio_buffer.cleared', response_id: 'resp_1' }
const truncated = (audio_end_ms) => ({ type: 'conversation.item.truncated', item_id: 'item_2', content_index: 0, audio_end_ms })

/** What was heard of the last turn, of events at their times. */
function heardOf(...events) {
  const { session, transcript } = aSession()
  for (const [now, event] of events) event === 'end' ? session.end(now) : session.take(event, now)
  const { text, heard, state } = transcript.turns.at(-1)
  return [heard === undefined ? undefined : text.slice(0, heard), state]
}

test('of an answer that is interrupted, what was heard is known, as long as its voice was to be heard', () => {
  assert.deepEqual(heardOf([0, TELLING], [10, playing], [10, ended('item_2', 'completed', STORY)], [20, done('completed')], [1_010, truncated(1_000)], [1_010, cleared]), ['Once upon a ', 'interrupted'])
  assert.deepEqual(heardOf([0, TELLING], [10, playing], [20, done('completed')], [1_010, cleared]), ['Once upon a ', 'interrupted'])
  assert.deepEqual(heardOf([0, TELLING], [10, playing], [1_010, cleared], [1_010, done('cancelled')], [1_020, truncated(3_900)]), [STORY, 'interrupted'])
  assert.deepEqual(heardOf([0, TELLING], [10, playing], [1_010, 'end']), ['Once upon a ', 'interrupted'])
})

test('what is written down only after the interruption was not heard either', () => {
  assert.deepEqual(heardOf([0, answering('item_2', 'Once')], [10, playing], [1_010, cleared], [1_010, ended('item_2', 'incomplete', STORY)]), ['Once upon a ', 'interrupted'])
})

test('an answer that was heard to its end gives the pace of the next', () => {
  const slow = { ...answering('item_1', 'x'.repeat(50)), response_id: 'resp_0' }
  const before = [[0, slow], [0, { ...playing, response_id: 'resp_0' }], [10_000, { type: 'output_audio_buffer.stopped', response_id: 'resp_0' }]]

  assert.deepEqual(heardOf(...before, [10_000, TELLING], [10_000, playing], [11_000, cleared]), ['Once ', 'interrupted'])
  assert.deepEqual(heardOf(...before, [10_000, cleared]), [undefined, 'partial'])
})

test('of an answer that was cancelled before its voice began nothing was heard, where the upstream tells when one begins', () => {
  const told = [[0, { ...playing, response_id: 'resp_0' }], [10, { ...cleared, response_id: 'resp_0' }]]

  assert.deepEqual(heardOf(...told, [20, TELLING], [30, done('cancelled')]), ['', 'interrupted'])
  assert.deepEqual(heardOf([20, TELLING], [30, done('cancelled')]), [undefined, 'interrupted'])
})

test('a language without spaces is cut between its characters', () => {
  assert.deepEqual(heardOf([0, answering('item_2', '昔々あるところにおじいさんとおばあさんが住んでいましたとさ')], [0, playing], [1_600, cleared]), ['昔々あるところにおじいさんとおばあさんが住んでい', 'interrupted'])
})

test('an answer in writing is read, not heard', () => {
  const written = { type: 'response.output_text.delta', response_id: 'resp_1', item_id: 'item_2', content_index: 0, delta: STORY }

  assert.deepEqual(heardOf([0, { ...playing, response_id: 'resp_0' }], [0, written], [10, done('cancelled')]), [undefined, 'interrupted'])
})

for (const [reason, state, words] of [
  ['max_output_tokens', 'limited', /limit of length/],
  ['content_filter', 'filtered', /content filter/]
]) {
  const incomplete = { type: 'response.done', response: { id: 'resp_1', status: 'incomplete', status_details: { type: 'incomplete', reason } } }

  test(`an answer that ends by ${reason} says so, however its item ended`, () => {
    assert.deepEqual(heardOf([0, TELLING], [10, incomplete]), [undefined, state])
    assert.deepEqual(heardOf([0, TELLING], [5, ended('item_2', 'incomplete', STORY)], [10, incomplete]), [undefined, state])
    assert.deepEqual(heardOf([0, TELLING], [0, playing], [10, incomplete], [1_000, cleared]), ['Once upon a ', 'interrupted'])
  })

  test(`where nothing came of an answer, a remark says that it was ${reason}`, () => {
    const [{ speaker, text }] = turnsAfter(incomplete)

    assert.equal(speaker, 'page')
    assert.match(text, words)
  })
}

const REQUEST = { id: 'mcpr_1', type: 'mcp_approval_request', server_label: 'shop', name: 'buy', arguments: '{"item":"tea"}' }
const asked = { type: 'conversation.item.added', item: REQUEST }
const asking = { id: 'mcpr_1', speaker: 'function', name: 'shop: buy', arguments: '{"item":"tea"}', output: undefined, state: 'partial', approval: 'wanted' }
const tool = (id, more) => ({ id, speaker: 'function', name: 'shop: buy', arguments: '{"item":"tea"}', output: undefined, state: 'partial', ...more })

test('a tool that must be allowed is a turn that waits, and does so when its response is done', () => {
  assert.deepEqual(turnsAfter(asked, { ...asked, type: 'response.output_item.done', response_id: 'resp_1' }, done('completed')), [asking])
})

for (const [approve, approval] of [[true, 'allowed'], [false, 'refused']]) {
  test(`a tool that was ${approval} is decided once, wherever that was`, () => {
    const response = { type: 'conversation.item.added', item: { id: 'item_9', type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve } }
    const against = { ...response, item: { ...response.item, approve: !approve } }

    assert.deepEqual(turnsAfter(asked, response, against, { ...asked, type: 'conversation.item.done' }), [{ ...asking, approval, state: 'final' }])
  })
}

test('a call of an MCP server shows its arguments as they come, and its output', () => {
  const call = { id: 'mcp_1', type: 'mcp_call', server_label: 'shop', name: 'buy', arguments: '' }
  const events = [
    { type: 'conversation.item.added', item: call },
    { type: 'response.mcp_call_arguments.delta', response_id: 'resp_1', item_id: 'mcp_1', delta: '{"item":' }
  ]
  const filled = { type: 'response.mcp_call_arguments.done', response_id: 'resp_1', item_id: 'mcp_1', arguments: '{"item":"tea"}' }
  const item = { ...call, arguments: '{"item":"tea"}', output: 'Bought.' }

  assert.deepEqual(turnsAfter(...events), [tool('mcp_1', { arguments: '{"item":' })])
  assert.deepEqual(turnsAfter(...events, filled, { type: 'conversation.item.done', item }), [tool('mcp_1', { output: 'Bought.', state: 'final' })])
})

test('a call that fails says why, and one of which nothing is told is failed all the same', () => {
  const call = { id: 'mcp_1', type: 'mcp_call', server_label: 'shop', name: 'buy', arguments: '{"item":"tea"}' }
  const error = { type: 'http_error', code: 503, message: 'The shop is closed.' }

  assert.deepEqual(turnsAfter({ type: 'conversation.item.done', item: { ...call, error } }), [tool('mcp_1', { output: 'The shop is closed.', state: 'failed' })])
  assert.deepEqual(turnsAfter({ type: 'conversation.item.added', item: call }, { type: 'response.mcp_call.failed', item_id: 'mcp_1' }), [tool('mcp_1', { state: 'failed' })])
})

test('a server whose tools cannot be listed is named', () => {
  const listing = { type: 'conversation.item.added', item: { id: 'mcpl_1', type: 'mcp_list_tools', server_label: 'shop', tools: [] } }
  const [{ speaker, text }] = turnsAfter(listing, { type: 'mcp_list_tools.failed', item_id: 'mcpl_1' })

  assert.deepEqual([speaker, text], ['page', 'The tools of shop could not be listed: the model goes on without them.'])
})
