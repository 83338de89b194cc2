/** Ephemeral keys: minted ahead when somebody seems about to call, kept in memory only, each given out for one call. */

/** @import {EphemeralKey, MintedKey, TakenKey} from './types.js' */

/** A key that ends sooner than this may end while its offer is on the way. */
const MARGIN_MS = 5_000

/** How long a new key is good for, whatever this computer's clock makes of its `expires_at`. */
const NEW_MS = 5_000

export class EphemeralKeys {
  #mint
  /** @type {Promise<EphemeralKey> | undefined} */
  #waiting

  /** @param {(signal?: AbortSignal) => Promise<MintedKey>} mint */
  constructor(mint) {
    this.#mint = mint
  }

  /**
   * Mints a key for the next call, unless one is waiting already.
   *
   * @returns {Promise<void>} Never rejects: the call tries anew, and tells why that fails.
   */
  async prepare() {
    const before = this.#waiting
    if (before && !(await isSpent(before))) return
    // Another prepare may have replaced it meanwhile.
    if (this.#waiting === before) this.#waiting = this.#minted()
    await this.#waiting?.catch(() => {})
  }

  /**
   * Takes the key that waits, or begins to mint one.
   *
   * @param {AbortSignal} signal
   * @returns {() => Promise<TakenKey>} Gives a key that is good now; `early` when it was prepared.
   */
  take(signal) {
    const prepared = this.#waiting
    this.#waiting = undefined
    const own = prepared ? undefined : this.#minted(signal)
    // It may fail while the microphone is asked for: whoever wants the key learns of it.
    own?.catch(() => {})
    return async () => {
      const early = await prepared?.catch(() => undefined)
      if (early && isGood(early)) return { ...early, early: true }
      const key = await own
      return { ...(key && isGood(key) ? key : await this.#minted(signal)), early: false }
    }
  }

  /**
   * @param {AbortSignal} [signal]
   * @returns {Promise<EphemeralKey>}
   */
  async #minted(signal) {
    const { value, callsUrl, expires_at = 0 } = await this.#mint(signal)
    const left = expires_at * 1000 - Date.now() - MARGIN_MS
    return { value, callsUrl, goodUntil: performance.now() + Math.max(left, NEW_MS) }
  }
}

/** @param {EphemeralKey} key */
function isGood({ goodUntil }) {
  return performance.now() < goodUntil
}

/** @param {Promise<EphemeralKey>} waiting */
function isSpent(waiting) {
  return waiting.then(
    (key) => !isGood(key),
    () => true
  )
}
