/** Tells the upstream that a call is over, and closes the connection afterwards: without it, it would know no call any more. */

/** @import {Answered, CallOptions} from './types.js' */
/** @import {Channel} from './channel.js' */

/** How long the connection stays open for the upstream to hear of the hang-up first. */
const HANG_UP_MS = 5_000

/** How long it stays open for a last client event to go out. */
const LAST_EVENT_MS = 200

export class HangUp {
  #closeEvent
  #channel
  #close
  /** @type {Promise<void | boolean> | undefined} */
  #request
  #isClosing = false

  /**
   * @param {CallOptions['closeEvent']} closeEvent
   * @param {Channel | undefined} channel On which that is sent.
   * @param {() => void} close Closes the connection.
   */
  constructor(closeEvent, channel, close) {
    this.#closeEvent = closeEvent
    this.#channel = channel
    this.#close = close
  }

  /** @returns {Promise<void | boolean> | undefined} Settles when the upstream knows; rejects where it could not be told. */
  get request() {
    return this.#request
  }

  /** @param {Answered['hangUp']} hangUp Undefined where there is nobody to tell, or not yet. */
  begin(hangUp) {
    if (this.#request) return
    if (!hangUp) return this.#sendCloseEvent()
    const timer = setTimeout(() => this.#sendCloseEvent(), HANG_UP_MS)
    this.#request = hangUp().finally(() => clearTimeout(timer))
    // Whoever hung up may look at the promise. Otherwise the first failure is the one to tell, and the upstream ends a
    // call whose connection is gone.
    const unconfirmed = () => this.#sendCloseEvent()
    this.#request.then((isKnown) => (isKnown === false ? unconfirmed() : this.#close()), unconfirmed)
  }

  /** The server has not confirmed the end: if the session has an event for it, that tells the upstream. */
  #sendCloseEvent() {
    if (this.#isClosing) return
    const event = this.#closeEvent?.()
    this.#isClosing = Boolean(event && this.#channel?.sendLast(event))
    if (this.#isClosing) setTimeout(this.#close, LAST_EVENT_MS)
    else this.#close()
  }
}
