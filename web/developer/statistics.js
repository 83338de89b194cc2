/** How good the call is: figures once a second, a plot of the round trip; what was said and heard, and what it costs, about. */

/** @import {Call} from '../realtime/call.js' */
/** @import {Conversation} from '../realtime/conversation/conversation.js' */
/** @import {CallStatistics, Turn} from '../types.js' */

import { PRICES } from '../realtime/prices.js'
import { element } from '../element.js'
import { inWords, median, points } from './plot.js'

const EVERY_MS = 1000

/** Seconds that the plot shows. */
const SHOWN = 120

const SIZE = { width: 240, height: 48 }

export class StatisticsPanel {
  #plot = /** @type {SVGElement} */ (/** @type {unknown} */ (document.getElementById('plot')))
  #conversation
  /** @type {number[]} */
  #roundTrips = []
  /** @type {Call | undefined} that was measured last */
  #call
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer

  /** @param {Conversation} conversation */
  constructor(conversation) {
    this.#conversation = conversation
    write('prices', PRICES.date)
  }

  /** Measures until it is stopped. */
  start() {
    this.stop()
    this.#timer = setInterval(() => this.#measure(), EVERY_MS)
    this.#measure()
  }

  stop() {
    clearInterval(this.#timer)
  }

  async #measure() {
    const { call, state } = this.#conversation
    const { dollars, inputTokens, outputTokens } = state.usage
    write('cost', inDollars(dollars))
    write('tokens-in', inputTokens.toLocaleString('en'))
    write('tokens-out', outputTokens.toLocaleString('en'))
    write('response-time', spread(timesOf(state.turns)))
    if (!call) return
    if (call !== this.#call) this.#roundTrips = []
    this.#call = call
    write('time-to-connect', milliseconds(call.timings.connected))
    if (call.state !== 'connected') return
    const measured = await call.statistics()
    if (call.state === 'connected') this.#show(measured)
  }

  /** @param {CallStatistics} measured */
  #show({ roundTripMs, jitterMs, lossRatio }) {
    write('round-trip', milliseconds(roundTripMs))
    write('jitter', milliseconds(jitterMs))
    write('loss', lossRatio === undefined ? '–' : `${(lossRatio * 100).toFixed(1)} %`)
    if (roundTripMs !== undefined) this.#roundTrips = [...this.#roundTrips, roundTripMs].slice(-SHOWN)
    this.#plot.setAttribute('aria-label', inWords(this.#roundTrips))
    this.#plot.firstElementChild?.setAttribute('points', points(this.#roundTrips, SIZE))
  }
}

/** @param {readonly number[]} times */
function spread(times) {
  const last = milliseconds(times.at(-1))
  return times.length > 1 ? `${last} (${milliseconds(median(times))})` : last
}

/** @param {number | undefined} value */
function inDollars(value) {
  return value === undefined ? '–' : value < 0.001 ? 'under $0.001' : `$${value.toFixed(3)}`
}

/**
 * Of the answers in this call.
 *
 * @param {readonly Turn[]} turns
 */
function timesOf(turns) {
  const times = turns.slice(turns.findLastIndex(({ speaker }) => speaker === 'divider') + 1).map((turn) => ('latencyMs' in turn ? turn.latencyMs : undefined))
  return times.filter((time) => time !== undefined)
}

/**
 * @param {string} id
 * @param {string} text
 */
function write(id, text) {
  element(id).textContent = text
}

/** @param {number | undefined} value */
function milliseconds(value) {
  return value === undefined ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
}
