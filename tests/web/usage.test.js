import assert from 'node:assert/strict'
import { test } from 'node:test'

import { usage } from '../../web/realtime/index.js'
import { fakeServer } from './fakes.js'

test('the usage of today is asked of the server with the person’s token', async () => {
  const today = { limits: { minutes_per_day: 20 }, used_seconds: 60, left_seconds: 1140, resets_in_seconds: 3600, calls: [] }
  const asked = []
  const fetch = async (url, { headers }) => (asked.push([url, new Headers(headers).get('Authorization')]), Response.json(today))

  assert.deepEqual(await usage({ bearer: () => 'the-persons', fetch }), today)
  assert.deepEqual(asked, [['/usage', 'Bearer the-persons']])
})

for (const [what, body] of [['a page of HTML', '<!doctype html>'], ['no object', 'null']]) {
  test(`an answer to the usage that is ${what} is refused`, async () => {
    const { fetch } = fakeServer(new Response(body, { headers: { 'x-request-id': 'r1' } }))

    await assert.rejects(usage({ fetch }), { name: 'SignalingError', code: 'invalid_answer', status: 200, requestId: 'r1' })
  })
}

test('whoever asks for the usage can give up', async () => {
  const fetch = async (_url, { signal }) => signal.throwIfAborted()

  await assert.rejects(usage({ fetch, signal: AbortSignal.abort() }), { name: 'AbortError' })
})
