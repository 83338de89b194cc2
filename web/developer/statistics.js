/** How good the connection is: figures once a second, and a plot of the round trip. And what the call costs, about. */

/** @import {Call} from '../realtime/call.js' */
/** @import {CallStatistics} from '../types.js' */

import { PRICES } from '../realtime/prices.js'
import { element } from '../element.js'
import { inWords, points } from './plot.js'

const EVERY_MS = 1000

/** Seconds that the plot shows. */
const SHOWN = 120

const SIZE = { width: 240, height: 48 }

export class StatisticsPanel {
  #plot = /** @type {SVGElement} */ (/** @type {unknown} */ (document.getElementById('plot')))
  /** @type {number[]} */
  #roundTrips = []
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer

  constructor() {
    write('prices', PRICES.date)
  }

  /** @param {number | undefined} dollars Undefined where nothing is known. */
  showCost(dollars) {
    write('cost', dollars === undefined ? '–' : dollars < 0.001 ? 'under $0.001' : `$${dollars.toFixed(3)}`)
  }

  /** @param {Call} call Measured until the next one, or until it stops. */
  start(call) {
    this.stop()
    this.#roundTrips = []
    this.#timer = setInterval(() => this.#measure(call), EVERY_MS)
  }

  stop() {
    clearInterval(this.#timer)
  }

  /** @param {Call} call */
  async #measure(call) {
    const { connected, firstAudio } = call.timings
    write('time-to-connect', milliseconds(connected))
    write('time-to-first-audio', milliseconds(firstAudio))
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
