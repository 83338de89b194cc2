/** Runs the functions that the model calls, and sends their results, as long as the call goes on. */

/** @import {FunctionOutput, Item, SessionParts} from '../types.js' */

import { outputsOf } from './tools.js'

const TOO_LARGE = '{"error":"The result is too large."}'

export class FunctionCalls {
  #parts
  #ending = new AbortController()

  /** @param {Pick<SessionParts, 'tools' | 'fail'>} parts */
  constructor(parts) {
    this.#parts = parts
  }

  /**
   * Each call has one result; the model speaks again only when it is asked to.
   *
   * @param {readonly Item[]} calls
   * @param {(item: FunctionOutput) => boolean} send Whether it was sent.
   * @returns {Promise<boolean>} Whether the model is to be asked; false where the call is over.
   */
  async run(calls, send) {
    const { tools, fail } = this.#parts
    const { signal } = this.#ending
    const items = await outputsOf(calls, tools, signal, (failure) => signal.aborted || fail(failure))
    if (signal.aborted) return false
    for (const item of items) send(item) || send({ ...item, output: TOO_LARGE })
    return true
  }

  /** The call is over: the functions that still run learn it by their signal. */
  end() {
    this.#ending.abort()
  }
}
