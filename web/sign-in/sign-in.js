/**
 * Who is signed in, for how long, and the token that goes with each request to our API. It knows nothing of the page or
 * of calls, and leaves requests to the provider to `Provider`.
 */

/** @import {Config, Session, SignInOptions, SignInState, TokenResponse} from '../types.js' */

import { Provider, loadLibrary } from './openid.js'
import { Renewal } from './renewal.js'
import { SessionStore } from './session-store.js'
import { signInConfig } from './sign-in-config.js'
import { SignInError } from './sign-in-error.js'
import { sessionOf } from './tokens.js'

/** The routes of our API: the token goes to these, and nowhere else. */
const OURS = /^\/(token|usage|session(\/.*)?)$/

const EXPIRED = 'Your sign-in has expired. Sign in again, then connect.'

/** Who is signed in. A `change` event tells that this is different now. */
export class SignIn extends EventTarget {
  #config
  #store
  #page
  #request
  #provider
  #renewal
  /** @type {Session | undefined} */
  #session
  #expired = false

  /**
   * @param {Config} config
   * @param {SignInOptions} [options]
   */
  constructor(config, { storage = sessionStorage, page = location.href, load = loadLibrary, fetch = globalThis.fetch } = {}) {
    super()
    this.#config = signInConfig(config)
    this.#store = new SessionStore(storage)
    this.#page = page
    // The browser's own fetch must not be called as a method of another object.
    this.#request = (/** @type {RequestInfo | URL} */ url, /** @type {any} */ request) => fetch(url, request)
    this.#provider = new Provider(this.#config, { page, load, fetch: this.#request })
    this.#renewal = new Renewal(this.#provider, {
      renewed: (tokens, before) => this.#establish(tokens, before),
      expired: () => this.#expire()
    })
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
   * @throws {SignInError} When the provider answers with an error, or answers what this tab did not ask. A person who was
   * signed in before still is.
   */
  async resume(answer) {
    this.#session = this.#store.session
    this.#renewal.follow(this.#session)
    if (answer) await this.#finish(answer)
    else await this.#renewal.renewIfDue()
  }

  /**
   * Begins to sign in.
   *
   * @returns {Promise<string>} The provider's page to go to.
   * @throws {SignInError} When the provider cannot be asked.
   */
  async begin() {
    const { url, pending } = await this.#provider.ask()
    this.#store.keepPending(pending)
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
    // A page that is being closed cannot wait for a renewal.
    if (!request.keepalive) await this.#renewal.renewIfDue()
    if (!this.#session) return unauthorized()
    const headers = new Headers(request.headers)
    headers.set('Authorization', `Bearer ${this.#session.bearer}`)
    const response = await this.#request(url, { ...request, headers: Object.fromEntries(headers) })
    if (response.status !== 401) return response
    this.#expire()
    return unauthorized()
  }

  /** @param {URLSearchParams} answer */
  async #finish(answer) {
    const pending = this.#store.takePending()
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

  #expire() {
    this.#expired = true
    this.#become(undefined)
  }

  /** @param {Session | undefined} session */
  #become(session) {
    this.#session = this.#store.session = session
    if (session) this.#expired = false
    this.#renewal.follow(session)
    this.dispatchEvent(new Event('change'))
  }

  /** @param {RequestInfo | URL} url */
  #isOurs(url) {
    const { origin, pathname } = new URL(url instanceof Request ? url.url : url, this.#page)
    return origin === new URL(this.#page).origin && OURS.test(pathname)
  }
}

/** An error as the contract has it: API Gateway says no more than "Unauthorized". */
function unauthorized() {
  return Response.json({ error: { message: EXPIRED, code: 'sign_in_expired' } }, { status: 401 })
}
