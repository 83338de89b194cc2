/** What this tab remembers of a sign-in, and forgets when it is closed. */

/** @import {Pending, Session, SignInOptions} from '../types.js' */

const SESSION = 'sign-in.session'
const PENDING = 'sign-in.pending'

export class SessionStore {
  #storage

  /** @param {NonNullable<SignInOptions['storage']>} storage */
  constructor(storage) {
    this.#storage = storage
  }

  /** @returns {Session | undefined} */
  get session() {
    return parsed(this.#storage.getItem(SESSION))
  }

  set session(session) {
    if (session) this.#storage.setItem(SESSION, JSON.stringify(session))
    else this.#storage.removeItem(SESSION)
  }

  /** @param {Pending} pending */
  keepPending(pending) {
    this.#storage.setItem(PENDING, JSON.stringify(pending))
  }

  /** @returns {Pending | undefined} Once: an answer of the provider is accepted once. */
  takePending() {
    const pending = parsed(this.#storage.getItem(PENDING))
    this.#storage.removeItem(PENDING)
    return pending
  }
}

/** @param {string | null} text */
function parsed(text) {
  return text === null ? undefined : JSON.parse(text)
}
