/** Keeps the screen on during a call: a phone that locks itself takes the microphone from the page. */

export class WakeLock {
  #wanted = false
  /** @type {WakeLockSentinel | undefined} */
  #sentinel

  constructor() {
    // The browser lets go of it whenever the page is not seen.
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
    if (document.hidden || this.#sentinel?.released === false) return
    try {
      this.#sentinel = await navigator.wakeLock?.request('screen')
      // The call may have ended meanwhile.
      if (!this.#wanted) await this.#sentinel?.release()
    } catch (error) {
      // A phone whose battery is low keeps its screen to itself; the call goes on.
      if (!(error instanceof DOMException)) throw error
    }
  }
}
