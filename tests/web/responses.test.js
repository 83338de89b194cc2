import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Responses } from '../../web/realtime/conversation/responses.js'

/** What goes out, given what the page does and what comes in. */
function aConversation() {
  const sent = []
  const responses = new Responses((event) => sent.push(event))
  const told = {
    created: () => responses.begin(),
    done: () => responses.finish(),
    playing: () => (responses.playing = true),
    silent: () => (responses.playing = false)
  }
  return { sent, responses, hear: (...names) => names.forEach((name) => told[name]()) }
}

const request = (number) => ({ type: 'response.create', event_id: `response_${number}` })

test('a response is asked for at once when none is running', () => {
  const { sent, responses } = aConversation()

  responses.request()

  assert.deepEqual(sent, [request(1)])
})

test('while a response is running the next one waits for its end', () => {
  const { sent, responses, hear } = aConversation()
  hear('created')
  responses.request()
  assert.deepEqual(sent, [])

  hear('done')

  assert.deepEqual(sent, [request(1)])
})

test('asking twice while one is running asks once', () => {
  const { sent, responses, hear } = aConversation()
  hear('created')
  responses.request()
  responses.request()
  hear('done', 'created', 'done')

  assert.deepEqual(sent, [request(1)])
})

test('asking again before the first request is taken up waits for that response', () => {
  const { sent, responses, hear } = aConversation()
  responses.request()
  responses.request()
  assert.deepEqual(sent, [request(1)])

  hear('created', 'done')

  assert.deepEqual(sent, [request(1), request(2)])
})

test('a refused request does not block the next one', () => {
  const { sent, responses } = aConversation()
  responses.request()
  responses.refuse({ message: 'No.', code: 'invalid_value', event_id: 'response_1' })

  responses.request()

  assert.deepEqual(sent, [request(1), request(2)])
})

test('a request that lost against a response of the server is asked again after it', () => {
  const { sent, responses, hear } = aConversation()
  responses.request()
  hear('created')
  responses.refuse({ message: 'One at a time.', code: 'conversation_already_has_active_response', event_id: 'response_1' })
  hear('done')

  assert.deepEqual(sent, [request(1), request(2)])
})

test('an error of something else leaves the request standing', () => {
  const { sent, responses } = aConversation()
  responses.request()
  responses.refuse({ message: 'No.', event_id: 'other' })
  responses.request()

  assert.deepEqual(sent, [request(1)])
})

test('interrupting silence sends nothing', () => {
  const { sent, responses } = aConversation()

  responses.interrupt()

  assert.deepEqual(sent, [])
})

test('interrupting stops what is generated and what is played', () => {
  const { sent, responses, hear } = aConversation()
  hear('created', 'playing')

  responses.interrupt()

  assert.deepEqual(sent, [{ type: 'response.cancel' }, { type: 'output_audio_buffer.clear' }])
})

test('what is done but still played is only silenced', () => {
  const { sent, responses, hear } = aConversation()
  hear('created', 'playing', 'done')

  responses.interrupt()

  assert.deepEqual(sent, [{ type: 'output_audio_buffer.clear' }])
})

test('after the voice fell silent there is nothing to silence', () => {
  const { sent, responses, hear } = aConversation()
  hear('playing', 'silent')

  responses.interrupt()

  assert.deepEqual(sent, [])
})
