/** When to call again after a connection was lost: soon, then less and less often, and never without saying so. */

/** @import {CallFailure} from '../types.js' */

/** A lost connection is mostly a lost network, which is back in a moment or takes a while. */
const DELAYS_S = [1, 2, 4, 8, 15, 30]

/** What may be different a moment later. Anything else is as wrong the next time. */
const TRANSIENT_CODES = new Set(['connection_lost', 'not_connected', 'unreachable', 'upstream_error', 'upstream_timeout', 'upstream_unreachable'])

/** A `tick` event comes each second while it waits; then it calls. */
export class Reconnection extends EventTarget {
  #attempts = 0
  #left = 0
  /** @type {{secondsLeft: number, attempts: number} | undefined} */
  #countdown
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** The network is back: there is nothing to wait for. */
  #online = () => this.callNow()
  #call

  /** @param {() => void} call Calls again. */
  constructor(call) {
    super()
    this.#call = call
  }

  get waiting() {
    return this.#timer !== undefined
  }

  /** @returns {{secondsLeft: number, attempts: number} | undefined} The same object until it is another; undefined where nothing waits. */
  get countdown() {
    return this.#countdown
  }

  /** How often it has called since the connection was lost, the call that it waits for included. */
  get attempts() {
    return this.#attempts
  }

  /**
   * @param {CallFailure | undefined} error Why the call ended; undefined where somebody hung up.
   * @param {boolean} wasConnected
   * @returns {boolean} Whether it makes sense to call again.
   */
  shouldRetry(error, wasConnected) {
    const dropped = wasConnected ? error?.code === 'connection_lost' : this.#attempts > 0 && TRANSIENT_CODES.has(error?.code ?? '')
    return dropped && this.#attempts < DELAYS_S.length
  }

  /** Waits, then calls. */
  wait() {
    this.#left = DELAYS_S[this.#attempts] ?? 0
    this.#attempts += 1
    this.#timer = setTimeout(() => this.#tick(), 1000)
    globalThis.addEventListener?.('online', this.#online)
    this.#tell()
  }

  /** Calls now. */
  callNow() {
    this.#clear()
    this.#call()
  }

  /** Nobody is called any more: the call is up, or the person does not want it. */
  stop() {
    this.#clear()
    this.#attempts = 0
  }

  #clear() {
    clearTimeout(this.#timer)
    this.#timer = this.#countdown = undefined
    globalThis.removeEventListener?.('online', this.#online)
  }

  #tick() {
    this.#left -= 1
    if (this.#left <= 0) return this.callNow()
    this.#timer = setTimeout(() => this.#tick(), 1000)
    this.#tell()
  }

  #tell() {
    this.#countdown = Object.freeze({ secondsLeft: this.#left, attempts: this.#attempts })
    this.dispatchEvent(new Event('tick'))
  }
}
