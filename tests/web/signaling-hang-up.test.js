import assert from 'node:assert/strict'
import { test } from 'node:test'

import { byEphemeralKey, relayed } from '../../web/realtime/index.js'
import { ANSWER, OFFER, fakeServer } from './fakes.js'
import { CALLS_URL, WAYS, created, going, minted } from './replies.js'

test('hanging up deletes the call, even while the page goes away', async () => {
  const server = fakeServer(created('/session/rtc_1'), new Response(null, { status: 204 }))
  const { hangUp } = await relayed({ preset: 'assistant', fetch: server.fetch })(OFFER, going())

  await hangUp()

  assert.deepEqual(server.requests[1], { url: '/session/rtc_1', method: 'DELETE', headers: {}, body: undefined, keepalive: true })
})

test('a URL with a query keeps it, a choice beside it is added, and the call is hung up under its own URL', async () => {
  const urls = ['/session?preset=private', '/session/?preset=private', 'https://api.example/prod/session?preset=private#top']
  for (const url of urls) {
    const server = fakeServer(created('/session/rtc_1'), new Response(null, { status: 204 }))
    const { hangUp } = await relayed({ url, choices: { voice: 'cedar' }, dcid: 0, fetch: server.fetch })(OFFER, going())
    await hangUp()

    const path = url.split(/\/?[?]/, 1)[0]
    assert.deepEqual(server.requests.map(({ url }) => url), [`${path}?preset=private&voice=cedar&dcid=0`, `${path}/rtc_1`])
  }
})

test('hanging up a call that is over already is harmless', async () => {
  const gone = Response.json({ error: { message: 'No such call.', code: 'call_id_not_found' } }, { status: 404 })
  const { hangUp } = await relayed({ fetch: fakeServer(created('/session/rtc_1'), gone).fetch })(OFFER, going())

  assert.equal(await hangUp(), undefined)
})

for (const [who, reply] of Object.entries({
  'the API, which has no such route': Response.json({ error: { message: 'No such route.', code: 'not_found' } }, { status: 404 }),
  'a gateway': Response.json({ message: 'Not Found' }, { status: 404 }),
  'a static host': new Response('<!doctype html><title>Not found</title>', { status: 404 })
})) {
  test(`a 404 of ${who} is no proof that the call is over`, async () => {
    const { hangUp } = await relayed({ fetch: fakeServer(created('/session/rtc_1'), reply).fetch })(OFFER, going())

    await assert.rejects(hangUp(), { name: 'SignalingError', status: 404 })
  })
}

test('a hang-up that fails says so', async () => {
  const refused = Response.json({ error: { message: 'The key is not taken.', code: 'upstream_credentials' } }, { status: 502 })
  const { hangUp } = await relayed({ fetch: fakeServer(created('/session/rtc_1'), refused).fetch })(OFFER, going())

  await assert.rejects(hangUp(), { name: 'SignalingError', code: 'upstream_credentials', status: 502 })
})

test('a call whose id the browser may not read cannot be hung up by it', async () => {
  const answered = await relayed({ fetch: fakeServer(created()).fetch })(OFFER, going())

  assert.deepEqual(answered, { answer: ANSWER, callId: undefined, hangUp: undefined, seconds: undefined })
})

for (const [tokenUrl, sessionUrl, expected] of [
  ['/token', undefined, '/session/rtc_1'],
  ['https://api.example/prod/token/?team=blue', undefined, 'https://api.example/prod/session/rtc_1'],
  ['/my/keys', '/my/calls', '/my/calls/rtc_1']
]) {
  test(`a call by a key of ${tokenUrl} is hung up by the server at ${expected}, which gives its minutes back`, async () => {
    const server = fakeServer(minted(), created('/v1/realtime/calls/rtc_1'), new Response(null, { status: 204 }))
    const { hangUp } = await byEphemeralKey({ tokenUrl, sessionUrl, callsUrl: CALLS_URL, fetch: server.fetch })(OFFER, going())

    await hangUp()

    assert.deepEqual(server.requests[2], { url: expected, method: 'DELETE', headers: {}, body: undefined, keepalive: true })
  })
}

test('where the server cannot hang up a call by ephemeral key, nothing is said of it', async () => {
  const refused = Response.json({ error: { message: 'Not now.', code: 'ledger_unavailable' } }, { status: 503 })
  for (const reply of [refused, new TypeError('Failed to fetch')]) {
    const server = fakeServer(minted(), created('/v1/realtime/calls/rtc_1'), reply)
    const { hangUp } = await byEphemeralKey({ fetch: server.fetch })(OFFER, going())

    assert.equal(await hangUp(), false)

    assert.equal(server.requests.length, 3)
  }
})

test('a call by ephemeral key whose id, or whose server, is not known is hung up by nobody', async () => {
  const ways = [
    [{}, created()],
    [{ tokenUrl: '/my/keys' }, created('/v1/realtime/calls/rtc_1')]
  ]
  for (const [options, reply] of ways) {
    assert.equal((await byEphemeralKey({ ...options, fetch: fakeServer(minted(), reply).fetch })(OFFER, going())).hangUp, undefined)
  }
})

for (const [name, { make, before }] of Object.entries(WAYS)) {
  for (const [what, body, code] of [['is no SDP', '<html>', 'invalid_answer'], ['breaks off', null, 'unreachable']]) {
    test(`${name}: a call whose answer ${what} exists, and is hung up`, async () => {
      const broken = body ?? new ReadableStream({ start: (stream) => stream.error(new TypeError('network error')) })
      const useless = new Response(broken, { status: 201, headers: { Location: '/session/rtc_1' } })
      const server = fakeServer(...before.map((reply) => reply()), useless, new Response(null, { status: 204 }))

      await assert.rejects(make({ fetch: server.fetch })(OFFER, going()), { name: 'SignalingError', code })

      const { url, method } = server.requests.at(-1)
      assert.deepEqual([method, url], ['DELETE', '/session/rtc_1'])
    })
  }
}
