/** What the calls of a conversation have used so far, since somebody last connected by hand. */

/** @import {ConversationUsage, ResponseUsage, ReadEvent} from '../types.js' */

import { Cost } from '../cost.js'

/** @type {ConversationUsage} */
const NOTHING = Object.freeze({ inputTokens: 0, cachedTokens: 0, outputTokens: 0, seconds: undefined, dollars: undefined })

export class Usage {
  #cost = new Cost()
  #total = NOTHING
  /** The seconds of earlier calls. */
  #before = 0

  /** @returns {ConversationUsage} The same object until there is more. */
  get total() {
    return this.#total
  }

  /** @param {ReadEvent} event Of a realtime session: which model it is, or what a response took. */
  follow(event) {
    this.#cost.follow(event)
    if (event.type === 'response.done' && event.response?.usage) this.#add(event.response.usage)
  }

  /** @param {number | undefined} seconds Of the call that is up, so far. */
  measure(seconds) {
    if (seconds === undefined || this.#before + seconds === this.#total.seconds) return
    this.#total = Object.freeze({ ...this.#total, seconds: this.#before + seconds })
  }

  /** Another call: its seconds begin anew. */
  begin() {
    this.#before = this.#total.seconds ?? 0
  }

  /** @param {ResponseUsage} usage */
  #add({ input_tokens: read = 0, output_tokens: written = 0, input_token_details: details }) {
    const { inputTokens, cachedTokens, outputTokens } = this.#total
    this.#total = Object.freeze({
      ...this.#total,
      inputTokens: inputTokens + read,
      cachedTokens: cachedTokens + (details?.cached_tokens ?? 0),
      outputTokens: outputTokens + written,
      dollars: this.#cost.dollars
    })
  }
}
