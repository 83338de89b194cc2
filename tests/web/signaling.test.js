import assert from 'node:assert/strict'
import { test } from 'node:test'

import { byEphemeralKey, relayed, usage } from '../../web/realtime/index.js'
import { ANSWER, OFFER, deferred, fakeServer, settled } from './fakes.js'
import { CALLS_URL, created, going, minted } from './replies.js'

test('a relayed offer is posted as it is, with preset and choices, and the answer comes back', async () => {
  const server = fakeServer(created('/session/rtc_1'))
  const signaling = relayed({ preset: 'assistant', choices: { voice: 'marin', speed: '1.25' }, fetch: server.fetch })

  const { answer, callId } = await signaling(OFFER, going())

  assert.deepEqual([answer, callId], [ANSWER, 'rtc_1'])
  assert.deepEqual(server.requests, [
    {
      url: '/session?preset=assistant&voice=marin&speed=1.25',
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: OFFER
    }
  ])
})

test('without preset and choices the server decides', async () => {
  const server = fakeServer(created('/session/rtc_1'))

  await relayed({ url: 'https://api.example/session', fetch: server.fetch })(OFFER, going())

  assert.equal(server.requests[0].url, 'https://api.example/session')
})

test('an option is stronger than the query of the URL, and a slash at the end is none of the path', async () => {
  const server = fakeServer(minted(), created(), minted(), created())

  await byEphemeralKey({ tokenUrl: '/token?preset=a&team=blue', callsUrl: `${CALLS_URL}/`, preset: 'b', dcid: 0, fetch: server.fetch })(OFFER, going())
  await byEphemeralKey({ tokenUrl: '/token/', callsUrl: '/', fetch: server.fetch })(OFFER, going())

  const urls = server.requests.map(({ url }) => url)
  assert.deepEqual(urls, ['/token?preset=b&team=blue', `${CALLS_URL}?dcid=0`, '/token', '/'])
})

for (const location of ['/v1/realtime/calls/rtc_1', 'https://upstream.example/v1/realtime/calls/rtc_1?a=b', 'rtc_1#part']) {
  test(`the call id of ${location} is rtc_1`, async () => {
    const { callId } = await relayed({ fetch: fakeServer(created(location)).fetch })(OFFER, going())

    assert.equal(callId, 'rtc_1')
  })
}

test('an ephemeral key is minted for the preset, and then carries the offer to the upstream', async () => {
  const server = fakeServer(minted(), created('/v1/realtime/calls/rtc_1'))
  const signaling = byEphemeralKey({ callsUrl: CALLS_URL, preset: 'colours', choices: { voice: 'cedar' }, fetch: server.fetch })

  const { answer, callId, seconds } = await signaling(OFFER, going())

  assert.deepEqual([answer, callId, seconds], [ANSWER, 'rtc_1', undefined])
  assert.deepEqual(server.requests, [
    { url: '/token?preset=colours&voice=cedar', method: 'GET', headers: {}, body: undefined },
    {
      url: CALLS_URL,
      method: 'POST',
      headers: { Authorization: 'Bearer ek_local_1', 'Content-Type': 'application/sdp' },
      body: OFFER
    }
  ])
})

test('a relayed call knows after how many seconds the server hangs it up', async () => {
  const server = fakeServer(created('/session/rtc_1', { 'X-Call-Seconds': '900' }))

  assert.equal((await relayed({ fetch: server.fetch })(OFFER, going())).seconds, 900)
})

test('the id of a data channel that both sides make goes along with the offer', async () => {
  const server = fakeServer(created('/session/rtc_1'), minted(), created())
  const direct = byEphemeralKey({ callsUrl: CALLS_URL, preset: 'colours', dcid: 0, fetch: server.fetch })

  await relayed({ preset: 'colours', dcid: 0, fetch: server.fetch })(OFFER, going())
  await direct(OFFER, going())

  assert.equal(direct.dcid, 0)
  assert.deepEqual(server.requests.map(({ url }) => url), ['/session?preset=colours&dcid=0', '/token?preset=colours', `${CALLS_URL}?dcid=0`])
})

test('where people sign in, our server gets their token and the upstream does not', async () => {
  const sent = []
  const replies = [created('/session/rtc_1'), new Response(null, { status: 204 }), minted(), created()]
  const fetch = async (url, { headers }) => (sent.push([url, new Headers(headers).get('Authorization')]), replies.shift())
  const bearer = async () => 'the-persons'

  const { hangUp } = await relayed({ bearer, fetch })(OFFER, going())
  await hangUp()
  await byEphemeralKey({ callsUrl: CALLS_URL, bearer, fetch })(OFFER, going())

  assert.deepEqual(sent, [
    ['/session', 'Bearer the-persons'],
    ['/session/rtc_1', 'Bearer the-persons'],
    ['/token', 'Bearer the-persons'],
    [CALLS_URL, 'Bearer ek_local_1']
  ])
})

test('a token that cannot be had is told as it is, and no request is sent', async () => {
  const expired = new Error('Sign in again.')
  const bearer = async () => {
    throw expired
  }
  const server = fakeServer()

  for (const make of [relayed, byEphemeralKey]) await assert.rejects(make({ bearer, fetch: server.fetch })(OFFER, going()), expired)
  await assert.rejects(usage({ bearer, fetch: server.fetch }), expired)
  assert.deepEqual(server.requests, [])
})

test('the upstream is the real one unless another is named', async () => {
  const server = fakeServer(minted(), created())

  await byEphemeralKey({ fetch: server.fetch })(OFFER, going())

  assert.equal(server.requests[1].url, 'https://api.openai.com/v1/realtime/calls')
})

test('a relayed offer that is on its way is not called back: its call must become known to be ended', async () => {
  const reply = deferred()
  const ending = new AbortController()
  const answering = relayed({ fetch: fakeServer(reply.promise).fetch })(OFFER, ending.signal)
  await settled()
  ending.abort()
  reply.resolve(created('/session/rtc_1'))

  assert.equal((await answering).callId, 'rtc_1')
})

test('by ephemeral key: the server’s answer says where the call is created, unless the page does', async () => {
  const key = () => new Response('{"value":"ek_test"}', { headers: { 'X-Calls-Url': 'https://upstream.example/v1/realtime/calls' } })
  const created = () => new Response(ANSWER, { status: 201 })
  const { requests, fetch } = fakeServer(key(), created(), key(), created())

  await byEphemeralKey({ fetch })(OFFER, new AbortController().signal)
  await byEphemeralKey({ fetch, callsUrl: 'https://mine.example/calls' })(OFFER, new AbortController().signal)

  assert.deepEqual([requests[1].url, requests[3].url], ['https://upstream.example/v1/realtime/calls', 'https://mine.example/calls'])
})
