import assert from 'node:assert/strict'
import { test } from 'node:test'

import { byEphemeralKey } from '../../web/realtime/index.js'
import { OFFER, deferred, fakeServer, settled } from './fakes.js'
import { CALLS_URL, created, going, minted } from './replies.js'

test('each call asks for a key of its own', async () => {
  const server = fakeServer(minted(), created(), minted(), created())
  const signaling = byEphemeralKey({ fetch: server.fetch })

  await signaling(OFFER, going())
  await signaling(OFFER, going())

  assert.deepEqual(
    server.requests.map(({ method }) => method),
    ['GET', 'POST', 'GET', 'POST']
  )
})

test('a key that was prepared carries the next offer, and only that one', async () => {
  const server = fakeServer(minted('ek_local_early'), created(), minted('ek_local_late'), created())
  const signaling = byEphemeralKey({ callsUrl: CALLS_URL, fetch: server.fetch })

  await Promise.all([signaling.prepare(), signaling.prepare()])
  await signaling.prepare()
  assert.deepEqual(server.requests.map(({ url }) => url), ['/token'])
  await signaling(OFFER, going())
  await signaling(OFFER, going())

  assert.deepEqual(
    server.requests.map(({ url, headers }) => headers.Authorization ?? url),
    ['/token', 'Bearer ek_local_early', '/token', 'Bearer ek_local_late']
  )
})

test('preparing never fails, and the call tries anew', async () => {
  const server = fakeServer(new TypeError('Failed to fetch'), minted(), created('/v1/realtime/calls/rtc_1'))
  const signaling = byEphemeralKey({ callsUrl: CALLS_URL, fetch: server.fetch })

  await signaling.prepare()

  assert.equal((await signaling(OFFER, going())).callId, 'rtc_1')
  assert.deepEqual(server.requests.map(({ url }) => url), ['/token', '/token', CALLS_URL])
})

test('preparing again after a failure mints again', async () => {
  const server = fakeServer(new TypeError('Failed to fetch'), minted())
  const signaling = byEphemeralKey({ fetch: server.fetch })

  await signaling.prepare()
  await signaling.prepare()

  assert.equal(server.requests.length, 2)
})

test('a key that is still being minted when the call begins is waited for, not asked for twice', async () => {
  const reply = deferred()
  const server = fakeServer(reply.promise, created())
  const signaling = byEphemeralKey({ callsUrl: CALLS_URL, fetch: server.fetch })
  signaling.prepare()
  const answering = signaling.begin(going())(OFFER)
  await settled()
  reply.resolve(minted())
  await answering

  assert.deepEqual(server.requests.map(({ url }) => url), ['/token', CALLS_URL])
})

test('a key that is close to its end is thrown away', async (t) => {
  const now = performance.now()
  const server = fakeServer(minted('ek_local_old', Date.now() / 1000 + 60), minted('ek_local_new'), created())
  const signaling = byEphemeralKey({ callsUrl: CALLS_URL, fetch: server.fetch })
  await signaling.prepare()

  t.mock.method(performance, 'now', () => now + 54_000)
  await signaling.prepare()
  assert.equal(server.requests.length, 1)
  t.mock.method(performance, 'now', () => now + 57_000)
  await signaling(OFFER, going())

  assert.deepEqual(server.requests.map(({ headers }) => headers.Authorization), [undefined, undefined, 'Bearer ek_local_new'])
})

test('a key that ends while the microphone is asked for is replaced', async (t) => {
  const now = performance.now()
  const server = fakeServer(minted('ek_local_old', Date.now() / 1000 + 60), minted('ek_local_new'), created())
  const answering = byEphemeralKey({ callsUrl: CALLS_URL, fetch: server.fetch }).begin(going())
  await settled()

  t.mock.method(performance, 'now', () => now + 57_000)
  await answering(OFFER)

  assert.equal(server.requests.at(-1).headers.Authorization, 'Bearer ek_local_new')
})

for (const [what, hold] of [['has come', () => {}], ['is on its way', deferred]]) {
  test(`a key that ${what} when the call ends without an offer waits for the next call`, async () => {
    const held = hold()
    const reply = minted()
    const server = fakeServer(held ? held.promise : reply, created('/v1/realtime/calls/rtc_1'))
    const signaling = byEphemeralKey({ callsUrl: CALLS_URL, fetch: server.fetch })
    for (let denied = 0; denied < 3; denied++) {
      const ending = new AbortController()
      const answering = signaling.begin(ending.signal)
      await settled()
      ending.abort()
      await assert.rejects(answering(OFFER), { name: 'AbortError' })
    }
    held?.resolve(reply)

    await signaling(OFFER, going())

    assert.deepEqual(server.requests.map(({ url }) => url), ['/token', CALLS_URL])
  })
}

test('a key that waits for the next call is thrown away when it is close to its end', async (t) => {
  const now = performance.now()
  const server = fakeServer(minted('ek_local_old', Date.now() / 1000 + 60), minted('ek_local_new'), created())
  const signaling = byEphemeralKey({ callsUrl: CALLS_URL, fetch: server.fetch })
  const ending = new AbortController()
  signaling.begin(ending.signal)
  await settled()
  ending.abort()

  t.mock.method(performance, 'now', () => now + 57_000)
  await signaling(OFFER, going())

  assert.equal(server.requests.at(-1).headers.Authorization, 'Bearer ek_local_new')
})

test('a key that could not be had when the call ended is asked for again at once', async () => {
  const server = fakeServer(new TypeError('Failed to fetch'), minted(), created())
  const signaling = byEphemeralKey({ callsUrl: CALLS_URL, fetch: server.fetch })
  const ending = new AbortController()
  signaling.begin(ending.signal)
  await settled()
  ending.abort()
  await settled()

  const answering = signaling.begin(going())
  assert.equal(server.requests.length, 2)
  await answering(OFFER)
})

test('a key that has carried an offer is not used again, whatever became of the call', async () => {
  const server = fakeServer(minted('ek_local_1'), new TypeError('Failed to fetch'), minted('ek_local_2'), created())
  const signaling = byEphemeralKey({ callsUrl: CALLS_URL, fetch: server.fetch })
  const ending = new AbortController()
  await assert.rejects(signaling(OFFER, ending.signal), { code: 'unreachable' })
  ending.abort()

  await signaling(OFFER, going())

  assert.equal(server.requests.at(-1).headers.Authorization, 'Bearer ek_local_2')
})

test('a prepared key that the upstream does not take any more is replaced once', async () => {
  const refused = () => Response.json({ error: { message: 'Expired.', code: 'token_expired' } }, { status: 401 })
  const server = fakeServer(minted('ek_local_old'), refused(), minted('ek_local_new'), refused())
  const signaling = byEphemeralKey({ callsUrl: CALLS_URL, fetch: server.fetch })
  await signaling.prepare()

  await assert.rejects(signaling(OFFER, going()), { code: 'token_expired' })

  assert.deepEqual(
    server.requests.map(({ url, headers }) => headers.Authorization ?? url),
    ['/token', 'Bearer ek_local_old', '/token', 'Bearer ek_local_new']
  )
})

test('a prepared key that is refused for another reason is not replaced: a call may exist', async () => {
  const server = fakeServer(minted(), new Response('', { status: 500 }))
  const signaling = byEphemeralKey({ fetch: server.fetch })
  await signaling.prepare()

  await assert.rejects(signaling(OFFER, going()), { code: 'status_500' })

  assert.equal(server.requests.length, 2)
})
