/** How loud a stream is, for a level meter. */

/** @import {MeterOptions} from './types.js' */

/** From this level, in dBFS, up to full scale the meter moves. A quiet voice is near -40. */
const FLOOR_DB = -60

/**
 * Browsers allow few contexts: all meters share one. It is closed with the last of them, since a context that goes on
 * keeps every stream that was ever listened to, and the audio hardware busy.
 *
 * @type {AudioContext | undefined}
 */
let shared
let sharers = 0

/**
 * ```js
 * const meter = new Meter(stream)
 * const draw = () => { bar.value = meter.level; frame = requestAnimationFrame(draw) }
 * ```
 *
 * Chromium gives Web Audio no sound of a remote stream that is not also the `srcObject` of an audio element.
 */
export class Meter {
  /** @type {MediaStreamAudioSourceNode | undefined} */
  #source
  /** @type {AnalyserNode | undefined} */
  #analyser
  #samples = new Float32Array(1024)
  #shares = false

  /**
   * Make it after a click: before one, browsers keep Web Audio still, and the level stays 0. It stays 0, too, where the
   * browser has no Web Audio for this stream: Firefox refuses one whose sample rate is not the context's.
   *
   * @param {MediaStream} stream With an audio track; it stays its owner's to stop.
   * @param {MeterOptions} [options]
   */
  constructor(stream, { context } = {}) {
    try {
      this.#listen(stream, context ?? this.#share())
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
      this.close()
    }
  }

  /** @returns {number} From 0, silence, to 1, full scale; in between as loud as it sounds, so logarithmic. */
  get level() {
    if (!this.#analyser) return 0
    this.#analyser.getFloatTimeDomainData(this.#samples)
    let energy = 0
    for (const sample of this.#samples) energy += sample * sample
    const decibels = 10 * Math.log10(energy / this.#samples.length)
    return Math.min(Math.max(1 - decibels / FLOOR_DB, 0), 1)
  }

  /** Lets go of the stream. Closing again is harmless. */
  close() {
    this.#source?.disconnect()
    this.#analyser?.disconnect()
    this.#source = this.#analyser = undefined
    if (this.#shares) stopSharing()
    this.#shares = false
  }

  /**
   * @returns {AudioContext}
   * @throws {DOMException} `NotSupportedError` where the browser has none, or no more.
   */
  #share() {
    if (!globalThis.AudioContext) throw new DOMException('There is no Web Audio.', 'NotSupportedError')
    shared ??= new AudioContext()
    sharers += 1
    this.#shares = true
    return shared
  }

  /**
   * @param {MediaStream} stream
   * @param {AudioContext} context
   */
  #listen(stream, context) {
    // A context that was made before the first click waits for one.
    if (context.state === 'suspended') context.resume().catch(() => {})
    this.#source = context.createMediaStreamSource(stream)
    const analyser = context.createAnalyser()
    analyser.fftSize = this.#samples.length
    this.#source.connect(analyser)
    this.#analyser = analyser
  }
}

function stopSharing() {
  sharers -= 1
  if (sharers > 0) return
  shared?.close()
  shared = undefined
}
