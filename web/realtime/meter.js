/** How loud a stream is, for a level meter. */

/** @import {MeterOptions} from './types.js' */

/** From this level, in dBFS, up to full scale the meter moves. A quiet voice is near -40. */
const FLOOR_DB = -60

/** @type {AudioContext | undefined} browsers allow few: all meters share one */
let shared

/**
 * ```js
 * const meter = new Meter(stream)
 * const draw = () => { bar.value = meter.level; frame = requestAnimationFrame(draw) }
 * ```
 *
 * Chromium gives Web Audio no sound of a remote stream that is not also the `srcObject` of an audio element.
 */
export class Meter {
  #source
  #analyser
  #samples

  /**
   * Make it after a click: before one, browsers keep Web Audio still, and the level stays 0.
   *
   * @param {MediaStream} stream With an audio track; it stays its owner's to stop.
   * @param {MeterOptions} [options]
   */
  constructor(stream, { context = (shared ??= new AudioContext()) } = {}) {
    // A context that was made before the first click waits for one.
    if (context.state === 'suspended') context.resume().catch(() => {})
    this.#source = context.createMediaStreamSource(stream)
    this.#analyser = context.createAnalyser()
    this.#analyser.fftSize = 1024
    this.#samples = new Float32Array(this.#analyser.fftSize)
    this.#source.connect(this.#analyser)
  }

  /** @returns {number} From 0, silence, to 1, full scale; in between as loud as it sounds, so logarithmic. */
  get level() {
    this.#analyser.getFloatTimeDomainData(this.#samples)
    let energy = 0
    for (const sample of this.#samples) energy += sample * sample
    const decibels = 10 * Math.log10(energy / this.#samples.length)
    return Math.min(Math.max(1 - decibels / FLOOR_DB, 0), 1)
  }

  /** Lets go of the stream. Closing again is harmless. */
  close() {
    this.#source.disconnect()
    this.#analyser.disconnect()
  }
}
