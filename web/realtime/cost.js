/** What a call has cost so far: an estimate, from the usage that the upstream reports and a table of prices. */

/** @import {ModelPrices, Prices, ReadEvent, ResponseUsage, ServerEvent} from './types.js' */

import { PRICES } from './prices.js'

const MODALITIES = /** @type {const} */ (['text', 'audio', 'image'])

/** A model may be named by a snapshot, which ends in its date. */
const SNAPSHOT = /-\d{4}-\d\d-\d\d$/

/** Follows the server events of a call, or of several that are one conversation. */
export class Cost {
  #prices
  /** @type {ModelPrices | undefined} */
  #model
  /** @type {number | undefined} */
  #dollars

  /** @param {Prices} [prices] */
  constructor(prices = PRICES) {
    this.#prices = prices
  }

  /** Undefined before the first response, and where the model has no price. The input's transcription is not included. */
  get dollars() {
    return this.#dollars
  }

  /**
   * Adds what an event tells.
   *
   * @param {ServerEvent | ReadEvent} event
   */
  follow(event) {
    const { type, session, response } = /** @type {ReadEvent} */ (event)
    if (session?.model) this.#model = this.#prices.models[session.model.replace(SNAPSHOT, '')]
    if (type !== 'response.done' || !response?.usage) return
    this.#dollars = this.#model && (this.#dollars ?? 0) + dollarsOf(response.usage, this.#model)
  }
}

/**
 * The tokens of each modality include those that were cached:
 * https://developers.openai.com/api/docs/guides/realtime-costs
 *
 * @param {ResponseUsage} usage
 * @param {ModelPrices} prices
 */
function dollarsOf({ input_token_details: heard, output_token_details: said }, prices) {
  const millionths = MODALITIES.map((modality) => {
    const { input, cached, output = 0 } = prices[modality]
    const all = heard?.[`${modality}_tokens`] ?? 0
    const known = heard?.cached_tokens_details?.[`${modality}_tokens`] ?? 0
    return (all - known) * input + known * cached + (said?.[`${modality}_tokens`] ?? 0) * output
  })
  return millionths.reduce((sum, part) => sum + part, 0) / 1_000_000
}
