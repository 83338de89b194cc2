import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SignalingError, byEphemeralKey, relayed } from '../../web/realtime/index.js'
import { OFFER, fakeServer, settled } from './fakes.js'
import { WAYS, going } from './replies.js'

test('a refusal tells in how many seconds it makes sense to try again, where the server knows', async () => {
  const body = { error: { message: 'Your minutes of today are used up.', code: 'quota_exceeded' } }
  for (const [header, seconds] of [['3600', 3600], ['Wed, 25 Nov 2026 00:00:00 GMT', undefined]]) {
    const reply = Response.json(body, { status: 429, headers: { 'Retry-After': header } })

    await assert.rejects(relayed({ fetch: fakeServer(reply).fetch })(OFFER, going()), { code: 'quota_exceeded', retryAfter: seconds })
  }
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
