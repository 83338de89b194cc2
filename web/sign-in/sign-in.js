/**
 * Who is signed in, for how long, and the token that goes with each request to our API. It knows nothing of the page or
 * of calls, and leaves what is said to the provider to `Provider`.
 */

/** @import {Config, Pending, Session, SignInConfig, SignInOptions, SignInState, TokenResponse} from '../types.js' */
/** @import * as OAuth from 'oauth4webapi' */

import { Provider } from './openid.js'
import { SignInError } from './sign-in-error.js'
import { sessionOf } from './tokens.js'

/** The two things that this tab remembers, and forgets when it is closed. */
const SESSION = 'sign-in.session'
const PENDING = 'sign-in.pending'

/** The routes of our API: the token goes to these, and nowhere else. */
const OURS = /^\/(token|usage|session(\/.*)?)$/

/** Timers cannot be longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

const EXPIRED = 'Your sign-in has expired. Sign in again, then connect.'

/** Who is signed in. A `change` event tells that this is different now. */
export class SignIn extends EventTarget {
  #config
  #storage
  #page
  #request
  #provider
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
    // The browser's own wants no owner but the window.
    this.#request = (/** @type {RequestInfo | URL} */ url, /** @type {any} */ request) => fetch(url, request)
    this.#provider = new Provider(this.#config, { page, load, fetch: this.#request })
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
    const { url, pending } = await this.#provider.ask()
    this.#storage.setItem(PENDING, JSON.stringify(pending))
    return url
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
    return this.#provider.forget(refreshToken)
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
    const pending = /** @type {Pending | undefined} */ (parsed(this.#storage.getItem(PENDING)))
    this.#storage.removeItem(PENDING)
    if (!pending) throw new SignInError('This tab did not ask to sign in. Press “Sign in” to do so.', 'not_asked')
    this.#establish(await this.#provider.redeem(answer, pending))
  }

  /**
   * @param {TokenResponse} tokens
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
      const tokens = session.refreshToken && (await this.#provider.renew(session.refreshToken))
      // Somebody may have signed out meanwhile.
      if (tokens && this.#session === session) this.#establish(tokens, session)
    } catch (error) {
      if (!(error instanceof SignInError)) throw error
      // What was good until now is good until its end.
    }
    if (this.#session !== session) return
    if (Date.now() >= session.endsAt) this.#expire()
    else this.#wait(session.endsAt)
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

/** The contract's error shape, in place of API Gateway's one word. */
function refusal() {
  return Response.json({ error: { message: EXPIRED, code: 'sign_in_expired' } }, { status: 401 })
}

/** @param {string | null} text */
function parsed(text) {
  return text === null ? undefined : JSON.parse(text)
}
