/** Ephemeral keys: minted early, when somebody seems about to call, kept in memory only, each given out for one call. */

/** @import {EphemeralKey, MintedKey, TakenKey} from './types.js' */

import { jsonOf } from './request.js'
import { unusable } from './signaling-error.js'

/** Where a server that does not say it, being another than ours, has its keys from. */
const OPENAI_CALLS_URL = 'https://api.openai.com/v1/realtime/calls'

/** A key that ends sooner than this may end while its offer is on the way. */
const MARGIN_MS = 5_000

/** How long a new key is good for, whatever this computer's clock makes of its `expires_at`. */
const NEW_MS = 5_000

export class EphemeralKeys {
  #mint
  /** @type {Promise<EphemeralKey> | undefined} */
  #waiting

  /** @param {() => Promise<MintedKey>} mint */
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
   * Takes the key that waits, or begins to mint one. A call that ends before it sends an offer gives it back.
   *
   * @param {AbortSignal} signal Of the call.
   * @returns {() => Promise<TakenKey>} Gives a key that is good now, for the offer; `early` when it was prepared.
   */
  take(signal) {
    const early = this.#waiting !== undefined
    const taken = this.#waiting ?? this.#minted()
    this.#waiting = undefined
    // It may fail while the microphone is asked for: whoever wants the key learns of it.
    taken.catch(() => {})
    let isGiven = false
    const ended = new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        if (!isGiven) this.#giveBack(taken)
        reject(signal.reason)
      })
    })
    ended.catch(() => {})
    const give = async () => {
      signal.throwIfAborted()
      const key = await this.#good(taken, early)
      isGiven = true
      return key
    }
    return () => Promise.race([ended, give()])
  }

  /** @param {Promise<EphemeralKey>} taken */
  #giveBack(taken) {
    this.#waiting ??= taken
    taken.catch(() => {
      if (this.#waiting === taken) this.#waiting = undefined
    })
  }

  /**
   * @param {Promise<EphemeralKey>} taken
   * @param {boolean} early
   */
  async #good(taken, early) {
    const key = await taken.catch((error) => {
      if (!early) throw error
    })
    return key && isGood(key) ? { ...key, early } : { ...(await this.#minted()), early: false }
  }

  /** @returns {Promise<EphemeralKey>} */
  async #minted() {
    const { value, callsUrl, expires_at = 0 } = await this.#mint()
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

/**
 * @param {Response} response
 * @param {string | undefined} callsUrl Where the page itself says it.
 * @returns {Promise<MintedKey>}
 */
export async function keyOf(response, callsUrl) {
  const key = await jsonOf(response)
  const told = callsUrl ?? response.headers.get('x-calls-url') ?? OPENAI_CALLS_URL
  if (typeof key?.value === 'string') return { ...key, callsUrl: told }
  throw unusable(response, 'an ephemeral key', 'invalid_key')
}
