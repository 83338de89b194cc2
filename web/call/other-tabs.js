/** Whether another tab of this page is in a call: the two would hear each other. */

const NAME = 'call'

export class OtherTabs {
  /** @type {(() => void) | undefined} */
  #release
  #wanted = false

  /** @returns {Promise<boolean>} False where the browser does not tell. */
  async calling() {
    const { held = [] } = (await navigator.locks?.query()) ?? {}
    return held.some(({ name }) => name === NAME) && !this.#release
  }

  /** @param {boolean} calling Whether this tab is in a call. */
  set busy(calling) {
    if (calling === this.#wanted) return
    this.#wanted = calling
    if (!calling) this.#release?.()
    // Shared, since two tabs may call: the lock prevents nothing.
    else navigator.locks?.request(NAME, { mode: 'shared' }, () => this.#held())
  }

  /** @returns {Promise<void> | undefined} Settles when the call is over. */
  #held() {
    if (!this.#wanted) return undefined
    const { promise, resolve } = Promise.withResolvers()
    this.#release = () => {
      this.#release = undefined
      resolve(undefined)
    }
    return promise
  }
}
