/** How loud a stream is, told ten times a second, for as long as somebody wants to know. */

import { Meter } from '../meter.js'

const EVERY_MS = 100

export class VoiceWatch {
  #meter
  #timer

  /**
   * @param {MediaStream} stream It stays its owner's to stop.
   * @param {(level: number, now: number) => void} heard The level is from 0 to 1, the time in milliseconds.
   */
  constructor(stream, heard) {
    this.stream = stream
    this.#meter = new Meter(stream)
    this.#timer = setInterval(() => heard(this.#meter.level, performance.now()), EVERY_MS)
  }

  end() {
    clearInterval(this.#timer)
    this.#meter.close()
  }
}
