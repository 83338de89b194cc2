/**
 * Signing in: authorization code with PKCE at an OpenID provider, and the token that goes with each request to our API.
 * It knows nothing of the page or of calls.
 *
 * Sources: OAuth 2.0 security (RFC 9700, section 2.1.1), PKCE (RFC 7636), OpenID Connect Core 1.0, section 3.1, and
 * RP-Initiated Logout 1.0.
 */

/** @import {Config, Session, SignInConfig, SignInOptions, SignInState} from './types.js' */
/** @import * as OAuth from 'oauth4webapi' */

import { sessionOf } from './tokens.js'

/** The two things that this tab remembers, and forgets when it is closed. */
const SESSION = 'sign-in.session'
const PENDING = 'sign-in.pending'

/** The routes of our API: the token goes to these, and nowhere else. */
const OURS = /^\/(token|session(\/.*)?)$/

/** Timers cannot be longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** How far the provider's clock and this one may be apart, in seconds. */
const CLOCKS_DIFFER_S = 300

/** What nobody waits for longer: the provider's word on a sign-out. */
const FAREWELL_MS = 3_000

const EXPIRED = 'Your sign-in has expired. Sign in again, then connect.'

/** Thrown when the sign-in was refused or did not work. */
export class SignInError extends Error {
  name = 'SignInError'

  /**
   * @param {string} message What happened, in the words of whoever refused.
   * @param {string} code The provider's or the library's code.
   * @param {unknown} [cause]
   */
  constructor(message, code, cause) {
    super(message, { cause })
    this.code = code
  }
}

/**
 * Takes the provider's answer out of the address, so that it is in no history, no bookmark and no log.
 *
 * @param {Location} [location]
 * @param {History} [history]
 * @returns {URLSearchParams | undefined} Undefined where the address has none.
 */
export function takeAnswer(location = globalThis.location, history = globalThis.history) {
  const answer = new URLSearchParams(location.search)
  if (!answer.has('state') || !(answer.has('code') || answer.has('error'))) return undefined
  history.replaceState(null, '', location.pathname)
  return answer
}

/** Who is signed in. A `change` event tells that this is different now. */
export class SignIn extends EventTarget {
  #config
  #storage
  #page
  #load
  #request
  /** @type {Session | undefined} */
  #session
  #expired = false
  /** @type {Promise<void> | undefined} */
  #renewing
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {Config} config
   * @param {SignInOptions} [options]
   */
  constructor(config, { storage = sessionStorage, page = location.href, load = loadLibrary, fetch = globalThis.fetch } = {}) {
    super()
    this.#config = complete(config)
    this.#storage = storage
    this.#page = page
    this.#load = load
    // The browser's own wants no owner but the window.
    this.#request = (/** @type {RequestInfo | URL} */ url, /** @type {any} */ request) => fetch(url, request)
  }

  /** @returns {SignInState} */
  get state() {
    if (this.#session) return 'signed-in'
    return this.#expired ? 'expired' : 'signed-out'
  }

  /** The person's e-mail address, or whatever the provider calls them; empty where nobody is signed in. */
  get who() {
    return this.#session?.who ?? ''
  }

  /**
   * Goes on where this tab was: signed in before, or back from the provider.
   *
   * @param {URLSearchParams} [answer] The provider's answer.
   * @returns {Promise<void>}
   * @throws {SignInError} When the answer is a refusal, or not the answer to what this tab asked. Whoever was signed in
   * before still is.
   */
  async resume(answer) {
    this.#session = parsed(this.#storage.getItem(SESSION))
    this.#follow()
    if (answer) await this.#finish(answer)
    else if (this.#session && Date.now() >= this.#session.renewAt) await this.#renew()
  }

  /**
   * Begins to sign in.
   *
   * @returns {Promise<string>} The provider's page to go to.
   * @throws {SignInError} When the provider cannot be asked.
   */
  async begin() {
    return this.#explained(async (oauth) => {
      const { authorization_endpoint: endpoint } = await this.#discover(oauth)
      const [state, nonce, verifier] = [oauth.generateRandomState(), oauth.generateRandomNonce(), oauth.generateRandomCodeVerifier()]
      const { client_id, audience, scope } = this.#config
      const url = withParameters(endpoint, {
        response_type: 'code',
        client_id,
        redirect_uri: this.#redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // Some providers make a token for an API only when it is named; the others do not read this (RFC 6749, 3.1).
        ...(audience === client_id ? {} : { audience })
      })
      this.#storage.setItem(PENDING, JSON.stringify({ state, nonce, verifier }))
      return url
    })
  }

  /**
   * Signs out: here at once, and then at the provider as far as it offers that.
   *
   * @returns {Promise<string | undefined>} The provider's page to go to, which ends its session too.
   * @throws {SignInError} When the provider cannot be told.
   */
  async signOut() {
    const refreshToken = this.#session?.refreshToken
    this.#become(undefined)
    return this.#explained(async (oauth) => {
      const server = await this.#discover(oauth)
      if (refreshToken && server.revocation_endpoint) {
        const signal = AbortSignal.timeout(FAREWELL_MS)
        await oauth.revocationRequest(server, this.#client(oauth), oauth.None(), refreshToken, { ...this.#options(oauth), signal })
      }
      return this.#logoutUrl(server)
    })
  }

  /**
   * `fetch`, with the token on the requests to our API. Where it has expired, the answer is a 401 that says so.
   *
   * @type {typeof globalThis.fetch}
   */
  fetch = async (url, request = {}) => {
    if (!this.#isOurs(url)) return this.#request(url, request)
    // A page that goes away cannot wait.
    if (!request.keepalive && this.#session && Date.now() >= this.#session.renewAt) await this.#renew()
    if (!this.#session) return refusal()
    const headers = new Headers(request.headers)
    headers.set('Authorization', `Bearer ${this.#session.bearer}`)
    const response = await this.#request(url, { ...request, headers: Object.fromEntries(headers) })
    if (response.status !== 401) return response
    this.#expire()
    return refusal()
  }

  /** @param {URLSearchParams} answer */
  async #finish(answer) {
    const pending = parsed(this.#storage.getItem(PENDING))
    this.#storage.removeItem(PENDING)
    if (!pending) throw new SignInError('This tab did not ask to sign in. Press “Sign in” to do so.', 'not_asked')
    await this.#explained(async (oauth) => {
      const [server, client] = [await this.#discover(oauth), this.#client(oauth)]
      const granted = oauth.validateAuthResponse(server, client, answer, pending.state)
      const { verifier } = pending
      const options = this.#options(oauth)
      const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), granted, this.#redirectUri, verifier, options)
      const expected = { expectedNonce: pending.nonce, requireIdToken: true }
      this.#establish(await oauth.processAuthorizationCodeResponse(server, client, response, expected))
    })
  }

  /**
   * @param {OAuth.TokenEndpointResponse} tokens
   * @param {Session} [before]
   */
  #establish(tokens, before) {
    const session = sessionOf(tokens, this.#config, Date.now(), before)
    if (!session) {
      const message = `The provider’s tokens are not for the audience ${this.#config.audience}, which the API expects.`
      throw new SignInError(message, 'wrong_audience')
    }
    this.#become(session)
  }

  /** Renews the token once, however many ask. */
  #renew() {
    this.#renewing ??= this.#refresh().finally(() => (this.#renewing = undefined))
    return this.#renewing
  }

  async #refresh() {
    const session = this.#session
    if (!session) return
    try {
      if (session.refreshToken) await this.#useRefreshToken(session, session.refreshToken)
    } catch (error) {
      if (!(error instanceof SignInError)) throw error
      // What was good until now is good until its end.
    }
    if (this.#session !== session) return
    if (Date.now() >= session.endsAt) this.#expire()
    else this.#wait(session.endsAt)
  }

  /**
   * @param {Session} session
   * @param {string} refreshToken
   */
  async #useRefreshToken(session, refreshToken) {
    await this.#explained(async (oauth) => {
      const [server, client] = [await this.#discover(oauth), this.#client(oauth)]
      const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, this.#options(oauth))
      const tokens = await oauth.processRefreshTokenResponse(server, client, response)
      // Somebody may have signed out meanwhile.
      if (this.#session === session) this.#establish(tokens, session)
    })
  }

  #expire() {
    this.#expired = true
    this.#become(undefined)
  }

  /** @param {Session | undefined} session */
  #become(session) {
    this.#session = session
    if (session) {
      this.#expired = false
      this.#storage.setItem(SESSION, JSON.stringify(session))
    } else this.#storage.removeItem(SESSION)
    this.#follow()
    this.dispatchEvent(new Event('change'))
  }

  #follow() {
    if (this.#session) this.#wait(this.#session.renewAt)
    else clearTimeout(this.#timer)
  }

  /** @param {number} due In milliseconds, by this clock. */
  #wait(due) {
    clearTimeout(this.#timer)
    const delay = Math.min(Math.max(due - Date.now(), 0), LONGEST_TIMER_MS)
    this.#timer = setTimeout(() => (Date.now() < due ? this.#wait(due) : this.#renew()), delay)
  }

  /**
   * @template Result
   * @param {(oauth: typeof OAuth) => Promise<Result>} act
   * @returns {Promise<Result>}
   */
  async #explained(act) {
    try {
      return await act(await this.#load())
    } catch (error) {
      throw error instanceof SignInError ? error : explained(error, this.#config.issuer)
    }
  }

  /** @param {typeof OAuth} oauth */
  async #discover(oauth) {
    const issuer = new URL(this.#config.issuer)
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, this.#options(oauth)))
  }

  /** @param {typeof OAuth} oauth */
  #options(oauth) {
    const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(this.#config.issuer).hostname)
    return { [oauth.customFetch]: this.#request, [oauth.allowInsecureRequests]: loopback }
  }

  /**
   * @param {typeof OAuth} oauth
   * @returns {OAuth.Client}
   */
  #client(oauth) {
    return { client_id: this.#config.client_id, [oauth.clockTolerance]: CLOCKS_DIFFER_S }
  }

  get #redirectUri() {
    return new URL('/', this.#page).href
  }

  /** @param {OAuth.AuthorizationServer} server */
  #logoutUrl({ end_session_endpoint: endpoint }) {
    const { client_id, logout_url: cognito } = this.#config
    if (cognito) return withParameters(cognito, { client_id, logout_uri: this.#redirectUri })
    // The standard's id_token_hint would be a token in an address.
    if (endpoint) return withParameters(endpoint, { client_id, post_logout_redirect_uri: this.#redirectUri })
    return undefined
  }

  /** @param {RequestInfo | URL} url */
  #isOurs(url) {
    const { origin, pathname } = new URL(url instanceof Request ? url.url : url, this.#page)
    return origin === new URL(this.#page).origin && OURS.test(pathname)
  }
}

/**
 * Only where people sign in: the open page does without it.
 *
 * @returns {Promise<typeof OAuth>}
 */
async function loadLibrary() {
  try {
    return await import('/vendor/oauth4webapi.js')
  } catch (error) {
    throw new SignInError('The page could not load /vendor/oauth4webapi.js, by which people sign in.', 'no_library', error)
  }
}

/**
 * @param {Config} config
 * @returns {SignInConfig}
 */
function complete({ issuer = '', client_id = '', audience, scope = 'openid email', logout_url }) {
  if (!issuer || !client_id) throw new SignInError('config.json names no issuer or no client_id: nobody can sign in.', 'misconfigured')
  return { issuer, client_id, audience: audience || client_id, scope, logout_url }
}

/**
 * @param {string | undefined} endpoint
 * @param {Record<string, string>} parameters
 */
function withParameters(endpoint, parameters) {
  if (!endpoint) throw new SignInError('The provider names no page to sign in on.', 'no_authorization_endpoint')
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** The contract's error shape, in place of API Gateway's one word. */
function refusal() {
  return Response.json({ error: { message: EXPIRED, code: 'sign_in_expired' } }, { status: 401 })
}

/** @param {string | null} text */
function parsed(text) {
  return text === null ? undefined : JSON.parse(text)
}

/**
 * The provider's own words where it has said any; else what the library or the browser says.
 *
 * @param {any} error
 * @param {string} issuer
 */
function explained(error, issuer) {
  const said = error.error_description ?? error.error ?? error.cause?.[0]?.parameters?.error_description
  if (said) return new SignInError(said, error.error ?? error.code, error)
  if (typeof error.code === 'string') return new SignInError(`The sign-in was not accepted: ${error.message}.`, error.code, error)
  const message = `No answer from ${issuer}. Check that you are online, and that the provider allows this page's origin.`
  return new SignInError(message, 'unreachable', error)
}
