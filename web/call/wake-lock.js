/** Keeps the screen on during a call: a phone that locks itself takes the microphone from the page. */

export class WakeLock {
  #wanted = false
  /** @type {WakeLockSentinel | undefined} */
  #sentinel
  #requesting = false

  constructor() {
    // The browser releases the lock whenever the page is hidden.
    document.addEventListener('visibilitychange', () => this.#follow())
  }

  /** @param {boolean} wanted Whether there is a call. */
  set wanted(wanted) {
    if (wanted === this.#wanted) return
    this.#wanted = wanted
    this.#follow()
  }

  async #follow() {
    if (!this.#wanted) return this.#sentinel?.release()
    if (document.hidden || this.#requesting || this.#sentinel?.released === false) return
    this.#requesting = true
    try {
      this.#sentinel = await navigator.wakeLock?.request('screen')
      // The call may have ended meanwhile.
      if (!this.#wanted) await this.#sentinel?.release()
    } catch (error) {
      // A phone whose battery is low refuses; the call goes on.
      if (!(error instanceof DOMException)) throw error
    } finally {
      this.#requesting = false
    }
  }
}
