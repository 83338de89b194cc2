import assert from 'node:assert/strict'
import { test } from 'node:test'

import { takeAnswer } from '../../web/sign-in/answer.js'
import { SignIn } from '../../web/sign-in/sign-in.js'
import { FakeStorage, settled } from './fakes.js'
import { CONFIG, FakeProvider, PAGE } from './provider.js'

const load = () => import('oauth4webapi')

function tab(config = {}, provider = new FakeProvider(), storage = new FakeStorage()) {
  const signIn = new SignIn({ ...CONFIG, ...config }, { storage, page: PAGE, load, fetch: provider.fetch })
  return { signIn, provider, storage }
}

/** A tab in which somebody has signed in. */
async function entered(config, provider) {
  const made = tab(config, provider)
  const asked = new URL(await made.signIn.begin()).searchParams
  made.provider.nonce = asked.get('nonce')
  await made.signIn.resume(new URLSearchParams({ code: 'one', state: asked.get('state') }))
  return made
}

async function refused(promise) {
  const { name, code, message } = await promise.then(assert.fail, (error) => error)
  assert.equal(name, 'SignInError')
  return { code, message }
}

/** Lets a faked day pass, one timer after the other. */
async function pass(t, milliseconds) {
  t.mock.timers.tick(milliseconds)
  for (let n = 0; n < 5; n++) await settled()
}

function fakeClock(t) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_800_000_000_000 })
}

test('the answer is taken out of the address, and only an answer', () => {
  const taken = (search) => {
    const shown = []
    const answer = takeAnswer({ search, pathname: '/' }, { replaceState: (...args) => shown.push(args) })
    return [answer?.toString(), ...shown]
  }

  assert.deepEqual(taken('?code=one&state=two'), ['code=one&state=two', [null, '', '/']])
  assert.deepEqual(taken('?error=access_denied&state=two'), ['error=access_denied&state=two', [null, '', '/']])
  assert.deepEqual([taken(''), taken('?state=two'), taken('?code=one')], [[undefined], [undefined], [undefined]])
})

test('a person is sent to the provider, and named when they come back', async (t) => {
  fakeClock(t)
  const { signIn, provider, storage } = await entered()

  assert.deepEqual([signIn.state, signIn.who], ['signed-in', 'ann@example.com'])
  const [{ body }] = provider.asked('/token')
  const { code_verifier: verifier, ...rest } = body
  assert.equal(verifier.length, 43)
  assert.deepEqual(rest, { client_id: 'page', code: 'one', grant_type: 'authorization_code', redirect_uri: PAGE })
  assert.deepEqual(Object.keys(storage.items), ['sign-in.session'])
})

test('an audience that is not the client’s own is asked for', async () => {
  const parameters = async (config) => new URL(await tab(config).signIn.begin()).searchParams.get('audience')

  assert.equal(await parameters({ audience: 'https://api.example' }), 'https://api.example')
  assert.equal(await parameters({}), null)
})

test('an answer with another state, another nonce or of another issuer is refused', async () => {
  const attempt = async (change, answer) => {
    const { signIn, provider } = tab()
    const asked = new URL(await signIn.begin()).searchParams
    provider.nonce = change.nonce ?? asked.get('nonce')
    const back = new URLSearchParams({ code: 'one', state: asked.get('state'), ...answer })
    const { code } = await refused(signIn.resume(back))
    return [code, signIn.state, provider.asked('/token').length]
  }

  assert.deepEqual(await attempt({}, { state: 'forged' }), ['OAUTH_INVALID_RESPONSE', 'signed-out', 0])
  assert.deepEqual(await attempt({}, { iss: 'https://other.example' }), ['OAUTH_INVALID_RESPONSE', 'signed-out', 0])
  assert.deepEqual(await attempt({ nonce: 'replayed' }, {}), ['OAUTH_JWT_CLAIM_COMPARISON_FAILED', 'signed-out', 1])
})

test('an issuer that ends in a slash is asked for its discovery document, and its tokens are taken', async (t) => {
  fakeClock(t)
  for (const issuer of ['https://issuer.example/', 'https://sts.example/tenant/']) {
    const provider = new FakeProvider(issuer)

    const { signIn } = await entered({ issuer }, provider)

    assert.deepEqual([signIn.state, provider.requests[0].path], ['signed-in', `${new URL(issuer).pathname}.well-known/openid-configuration`])
  }
})

test('an issuer that is given without its slash is told apart from the provider’s name for itself', async () => {
  const { code, message } = await refused(tab({ issuer: 'https://issuer.example' }, new FakeProvider('https://issuer.example/')).signIn.begin())

  assert.deepEqual([code, message], ['wrong_issuer', 'The provider is called https://issuer.example/, and the stack expects https://issuer.example.'])
})

test('an answer is taken once', async (t) => {
  fakeClock(t)
  const { signIn } = await entered()

  const { code } = await refused(signIn.resume(new URLSearchParams({ code: 'one', state: 'two' })))

  assert.deepEqual([code, signIn.state], ['not_asked', 'signed-in'])
})

test('a refusal of the provider is told in its own words', async () => {
  const { signIn, provider } = tab()
  const asked = new URL(await signIn.begin()).searchParams
  provider.refusal = { error: 'invalid_grant', error_description: 'The code is spent.' }

  const told = await refused(signIn.resume(new URLSearchParams({ code: 'one', state: asked.get('state') })))

  assert.deepEqual(told, { code: 'invalid_grant', message: 'The code is spent.' })
})

test('tokens for another audience are no sign-in, and the person is told why', async () => {
  const { code, message } = await refused(entered({ audience: 'api' }))

  assert.deepEqual([code, message.includes('the audience api')], ['wrong_audience', true])
})

test('a provider that does not answer, a library that does not load and a half configuration are told apart', async () => {
  const down = tab({}, { fetch: () => Promise.reject(new TypeError('Failed to fetch')) })
  assert.equal((await refused(down.signIn.begin())).code, 'unreachable')

  const without = new SignIn(CONFIG, { storage: new FakeStorage(), page: PAGE })
  assert.equal((await refused(without.begin())).code, 'no_library')

  assert.throws(() => tab({ issuer: '' }), { name: 'SignInError', code: 'misconfigured' })
})

test('an issuer without TLS is refused, unless it is this machine', async () => {
  const { message } = await refused(tab({ issuer: 'http://issuer.example' }).signIn.begin())

  assert.match(message, /only requests to HTTPS are allowed/)
})

test('the token goes to our three routes, and to nothing else', async (t) => {
  fakeClock(t)
  const { signIn, provider } = await entered()
  const own = { Authorization: 'Bearer ek_local_1' }

  await signIn.fetch('/session?preset=a', { method: 'POST', headers: { 'Content-Type': 'application/sdp' } })
  await signIn.fetch('/session/rtc_1', { method: 'DELETE', keepalive: true })
  await signIn.fetch('/token?preset=a', {})
  await signIn.fetch('https://upstream.example/v1/realtime/calls', { method: 'POST', headers: own })
  await signIn.fetch('https://upstream.example/session', { headers: own })
  await signIn.fetch('/tokens.js', {})

  const sent = provider.requests.slice(-6).map(({ headers }) => headers.get('authorization'))
  const bearer = `Bearer ${provider.tokens().id_token}`
  assert.deepEqual(sent, [bearer, bearer, bearer, own.Authorization, own.Authorization, null])
  assert.equal(provider.asked('/session')[0].headers.get('content-type'), 'application/sdp')
})

test('a 401 of our API ends the sign-in, in words, and nothing more is sent', async (t) => {
  fakeClock(t)
  const { signIn, provider, storage } = await entered()
  provider.api = () => Response.json({ message: 'Unauthorized' }, { status: 401 })
  const states = []
  signIn.addEventListener('change', () => states.push(signIn.state))

  const answers = [await signIn.fetch('/token', {}), await signIn.fetch('/token', {})]

  const expected = { error: { message: 'Your sign-in has expired. Sign in again, then connect.', code: 'sign_in_expired' } }
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.json())), [expected, expected])
  assert.deepEqual(
    answers.map(({ status }) => status),
    [401, 401]
  )
  assert.deepEqual([states, storage.items, provider.asked('/token').length], [['expired'], {}, 2])
})

test('other failures of our API are not about the sign-in', async (t) => {
  fakeClock(t)
  const { signIn, provider } = await entered()
  provider.api = () => new Response('{}', { status: 403 })

  assert.deepEqual([(await signIn.fetch('/session', {})).status, signIn.state], [403, 'signed-in'])
})

test('a token is renewed a minute before its end, once for all who ask', async (t) => {
  fakeClock(t)
  const { signIn, provider } = await entered()

  await pass(t, 3_539_000)
  assert.equal(provider.asked('/token').length, 1)
  t.mock.timers.tick(1_000)
  await Promise.all([signIn.fetch('/session', {}), signIn.fetch('/session', {})])

  const [, { body }, ...more] = provider.asked('/token')
  assert.deepEqual([body, more], [{ client_id: 'page', grant_type: 'refresh_token', refresh_token: 'again' }, []])
  assert.equal(signIn.state, 'signed-in')
})

test('a renewal that fails leaves the token its last minute, and is tried once more', async (t) => {
  fakeClock(t)
  const { signIn, provider } = await entered()
  provider.refusal = { error: 'invalid_grant' }

  await pass(t, 3_540_000)
  assert.equal(signIn.state, 'signed-in')
  await pass(t, 60_000)

  assert.deepEqual([signIn.state, provider.asked('/token').length], ['expired', 3])
})

test('without a refresh token the sign-in ends with its token', async (t) => {
  fakeClock(t)
  const provider = new FakeProvider()
  const tokens = provider.tokens.bind(provider)
  provider.tokens = () => ({ ...tokens(), refresh_token: undefined })
  const { signIn } = await entered({}, provider)

  await pass(t, 3_599_000)
  assert.equal(signIn.state, 'signed-in')
  await pass(t, 1_000)

  assert.deepEqual([signIn.state, provider.asked('/token').length], ['expired', 1])
})

test('a token that lives longer than a timer can is not renewed at once', async (t) => {
  fakeClock(t)
  const provider = new FakeProvider()
  provider.life = 40 * 86_400
  const { signIn } = await entered({}, provider)

  await pass(t, 30 * 86_400_000)

  assert.deepEqual([signIn.state, provider.asked('/token').length], ['signed-in', 1])
})

test('a page that goes away does not wait for a renewal', async (t) => {
  fakeClock(t)
  const { signIn, provider } = await entered()
  t.mock.timers.setTime(Date.now() + 3_550_000)
  provider.requests.length = 0

  signIn.fetch('/session/rtc_1', { method: 'DELETE', keepalive: true })

  assert.equal(provider.requests.at(-1).path, '/session/rtc_1')
})

test('a tab that was reloaded goes on; one that slept too long must sign in again', async (t) => {
  fakeClock(t)
  const { provider, storage } = await entered()
  const next = tab({}, provider, storage).signIn
  await next.resume()
  assert.deepEqual([next.state, next.who], ['signed-in', 'ann@example.com'])

  provider.refusal = { error: 'invalid_grant' }
  t.mock.timers.setTime(Date.now() + 7_200_000)
  const late = tab({}, provider, storage).signIn
  await late.resume()

  assert.deepEqual([late.state, late.who, storage.items], ['expired', '', {}])
})

test('signing out forgets everything here, revokes the refresh token, and names the provider’s page', async (t) => {
  fakeClock(t)
  const provider = new FakeProvider()
  provider.more = { end_session_endpoint: 'https://login.example/end', revocation_endpoint: 'https://login.example/revoke' }
  const { signIn, storage } = await entered({}, provider)

  const url = await signIn.signOut()

  assert.equal(url, 'https://login.example/end?client_id=page&post_logout_redirect_uri=https%3A%2F%2Fpage.example%2F')
  assert.deepEqual([signIn.state, storage.items], ['signed-out', {}])
  assert.deepEqual(provider.asked('/revoke')[0].body, { client_id: 'page', token: 'again' })
})

test('Cognito is signed out of in its own way, and some providers not at all', async (t) => {
  fakeClock(t)
  const { signIn: cognito } = await entered({ logout_url: 'https://pool.example/logout' })
  const { signIn: none } = await entered()

  assert.equal(await cognito.signOut(), 'https://pool.example/logout?client_id=page&logout_uri=https%3A%2F%2Fpage.example%2F')
  assert.equal(await none.signOut(), undefined)
})

test('whoever signs out offline is signed out here, and told of the rest', async (t) => {
  fakeClock(t)
  const { storage } = await entered()
  const offline = new SignIn(CONFIG, { storage, page: PAGE, load, fetch: () => Promise.reject(new TypeError('Failed to fetch')) })
  await offline.resume()

  const { code } = await refused(offline.signOut())

  assert.deepEqual([code, offline.state, storage.items], ['unreachable', 'signed-out', {}])
})
