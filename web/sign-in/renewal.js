/** Renews a sign-in before it expires. It stores nothing, and knows nothing of requests. */

/** @import {Session, TokenResponse} from '../types.js' */
/** @import {Provider} from './openid.js' */

import { SignInError } from './sign-in-error.js'

/** Timers cannot be longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export class Renewal {
  #provider
  #handlers
  /** @type {Session | undefined} */
  #session
  /** @type {Promise<void> | undefined} */
  #renewing
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {Provider} provider
   * @param {object} handlers
   * @param {(tokens: TokenResponse, before: Session) => void} handlers.renewed Throws a `SignInError` where they cannot be used.
   * @param {() => void} handlers.expired
   */
  constructor(provider, handlers) {
    this.#provider = provider
    this.#handlers = handlers
  }

  /** @param {Session | undefined} session The one to renew from now on; undefined where nobody is signed in. */
  follow(session) {
    this.#session = session
    if (session) this.#wait(session.renewAt)
    else clearTimeout(this.#timer)
  }

  /** Renews the token, if it is time. Once, however many ask. */
  async renewIfDue() {
    if (this.#session && Date.now() >= this.#session.renewAt) await this.#renew()
  }

  #renew() {
    this.#renewing ??= this.#refresh().finally(() => (this.#renewing = undefined))
    return this.#renewing
  }

  async #refresh() {
    const session = this.#session
    if (!session) return
    try {
      const tokens = session.refreshToken && (await this.#provider.renew(session.refreshToken))
      // The person may have signed out meanwhile.
      if (tokens && this.#session === session) this.#handlers.renewed(tokens, session)
    } catch (error) {
      if (!(error instanceof SignInError)) throw error
      // The token that could not be renewed is valid until its end.
    }
    if (this.#session !== session) return
    if (Date.now() >= session.endsAt) this.#handlers.expired()
    else this.#wait(session.endsAt)
  }

  /** @param {number} due In milliseconds, by this clock. */
  #wait(due) {
    clearTimeout(this.#timer)
    const delay = Math.min(Math.max(due - Date.now(), 0), LONGEST_TIMER_MS)
    this.#timer = setTimeout(() => (Date.now() < due ? this.#wait(due) : this.#renew()), delay)
  }
}
