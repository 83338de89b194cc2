import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SignalingError, byEphemeralKey, relayed, usage } from '../../web/realtime/index.js'
import { ANSWER, OFFER, deferred, fakeServer, settled } from './fakes.js'

const CALLS_URL = 'https://upstream.example/v1/realtime/calls'

const created = (location, headers) =>
  new Response(ANSWER, { status: 201, headers: { 'Content-Type': 'application/sdp', ...(location && { Location: location }), ...headers } })
const minted = (value = 'ek_local_1', expires_at = 1) => Response.json({ value, expires_at, session: {} })
const going = () => new AbortController().signal

const WAYS = {
  relayed: { make: relayed, before: [] },
  'by ephemeral key': { make: byEphemeralKey, before: [minted] }
}

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

test('an option is stronger than the query of the URL, and a slash at the end is none of the path', async () => {
  const server = fakeServer(minted(), created(), minted(), created())

  await byEphemeralKey({ tokenUrl: '/token?preset=a&team=blue', callsUrl: `${CALLS_URL}/`, preset: 'b', dcid: 0, fetch: server.fetch })(OFFER, going())
  await byEphemeralKey({ tokenUrl: '/token/', callsUrl: '/', fetch: server.fetch })(OFFER, going())

  const urls = server.requests.map(({ url }) => url)
  assert.deepEqual(urls, ['/token?preset=b&team=blue', `${CALLS_URL}?dcid=0`, '/token', '/'])
})

test('hanging up a call that is over already is harmless', async () => {
  const gone = Response.json({ error: { message: 'No such call.', code: 'call_id_not_found' } }, { status: 404 })
  const { hangUp } = await relayed({ fetch: fakeServer(created('/session/rtc_1'), gone).fetch })(OFFER, going())

  await hangUp()
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

test('a refusal tells in how many seconds it makes sense to try again, where the server knows', async () => {
  const body = { error: { message: 'Your minutes of today are used up.', code: 'quota_exceeded' } }
  for (const [header, seconds] of [['3600', 3600], ['Wed, 25 Nov 2026 00:00:00 GMT', undefined]]) {
    const reply = Response.json(body, { status: 429, headers: { 'Retry-After': header } })

    await assert.rejects(relayed({ fetch: fakeServer(reply).fetch })(OFFER, going()), { code: 'quota_exceeded', retryAfter: seconds })
  }
})

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

/** A server that never answers, and what limits the requests to it. */
function aSilentServer(t) {
  const limits = []
  t.mock.method(AbortSignal, 'timeout', (ms) => {
    const limit = new AbortController()
    limits.push({ ms, reach: () => limit.abort(new DOMException('It took too long.', 'TimeoutError')) })
    return limit.signal
  })
  const silence = (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  return { limits, fetch: (_url, { signal }) => silence(signal) }
}

for (const [name, { make }] of Object.entries(WAYS)) {
  test(`${name}: a server that does not answer within 35 seconds cannot be reached`, async (t) => {
    const { limits, fetch } = aSilentServer(t)
    const answering = make({ fetch })(OFFER, going())
    await settled()
    limits[0].reach()

    await assert.rejects(answering, { name: 'SignalingError', code: 'unreachable' })
    assert.deepEqual(limits.map(({ ms }) => ms), [35_000])
  })
}

test('the upstream is the real one unless another is named', async () => {
  const server = fakeServer(minted(), created())

  await byEphemeralKey({ fetch: server.fetch })(OFFER, going())

  assert.equal(server.requests[1].url, 'https://api.openai.com/v1/realtime/calls')
})

test('a refused key is not used', async () => {
  const refused = Response.json({ error: { message: 'Locked.', code: 'preset_locked', request_id: 'r1' } }, { status: 403 })
  const server = fakeServer(refused)

  await assert.rejects(byEphemeralKey({ fetch: server.fetch })(OFFER, going()), {
    name: 'SignalingError',
    message: 'Locked.',
    code: 'preset_locked',
    status: 403,
    requestId: 'r1'
  })
  assert.equal(server.requests.length, 1)
})

test('what is not an ephemeral key is not sent upstream', async () => {
  const server = fakeServer(new Response('<!doctype html>', { status: 200 }))

  await assert.rejects(byEphemeralKey({ fetch: server.fetch })(OFFER, going()), { code: 'invalid_key', status: 200 })
  assert.equal(server.requests.length, 1)
})

for (const [name, { make, before }] of Object.entries(WAYS)) {
  const answeredWith = (reply) => make({ fetch: fakeServer(...before.map((reply) => reply()), reply).fetch })(OFFER, going())

  test(`${name}: a refusal carries status, code, message and request id`, async () => {
    const body = { error: { message: 'Too large.', type: 'invalid_request_error', code: 'offer_too_large', param: null, request_id: 'r7' } }

    await assert.rejects(answeredWith(Response.json(body, { status: 413 })), (error) => {
      assert.ok(error instanceof SignalingError)
      assert.deepEqual({ ...error, message: error.message }, { name: 'SignalingError', message: 'Too large.', code: 'offer_too_large', status: 413, requestId: 'r7', retryAfter: undefined })
      return true
    })
  })

  test(`${name}: a refusal of the upstream, its type for a code and its request id in a header, reads alike`, async () => {
    const body = JSON.stringify({ error: { message: 'Bad key.', type: 'invalid_request_error', code: null, param: null } })
    const headers = { 'Content-Type': 'text/plain', 'x-request-id': 'req_9' }

    await assert.rejects(answeredWith(new Response(body, { status: 401, headers })), {
      message: 'Bad key.',
      code: 'invalid_request_error',
      status: 401,
      requestId: 'req_9'
    })
  })

  test(`${name}: a gateway's own refusal is told by its message`, async () => {
    const headers = { 'apigw-requestid': 'Abc=' }

    await assert.rejects(answeredWith(Response.json({ message: 'Service Unavailable' }, { status: 503, headers })), {
      message: 'Service Unavailable',
      code: 'status_503',
      requestId: 'Abc='
    })
  })

  test(`${name}: an error that is only a string is its own message`, async () => {
    await assert.rejects(answeredWith(Response.json({ error: 'no such model' }, { status: 400 })), { message: 'no such model', code: 'status_400' })
  })

  for (const body of ['', '<html>Bad Gateway</html>']) {
    test(`${name}: a refusal that says ${body || 'nothing'} is told by its status`, async () => {
      await assert.rejects(answeredWith(new Response(body, { status: 502 })), { message: 'The server answered with status 502.', code: 'status_502' })
    })
  }

  test(`${name}: a page instead of an answer is refused`, async () => {
    await assert.rejects(answeredWith(new Response('<!doctype html>', { status: 200 })), { code: 'invalid_answer', status: 200 })
  })

  test(`${name}: a server that cannot be reached is named, without the query`, async () => {
    await assert.rejects(answeredWith(new TypeError('Failed to fetch')), (error) => {
      assert.ok(error instanceof SignalingError)
      assert.equal(error.code, 'unreachable')
      assert.equal(error.status, undefined)
      assert.match(error.message, /^No answer from (\/session|https:\/\/api\.openai\.com\/v1\/realtime\/calls)\. Check/)
      assert.equal(error.cause.message, 'Failed to fetch')
      return true
    })
  })

  test(`${name}: nothing is asked of a server once the call was hung up`, async () => {
    const server = { requests: 0, fetch: async (_url, { signal }) => (signal.throwIfAborted(), server.requests++) }
    const ending = new AbortController()
    ending.abort()

    await assert.rejects(make({ fetch: server.fetch })(OFFER, ending.signal), { name: 'AbortError' })

    assert.equal(server.requests, 0)
  })
}

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
