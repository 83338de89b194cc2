/**
 * Whether the person speaks though they are muted. A muted track is silent here, too, so a copy of it is listened to,
 * which goes nowhere; browsers show that the microphone is open meanwhile.
 */

import { PAUSE_MS, VOICE } from './agent.js'
import { VoiceWatch } from './voice-watch.js'

export class MutedVoice {
  #copy
  #watch
  #heardAt = -Infinity
  #speaks = false

  /**
   * @param {MediaStream} microphone
   * @param {(speaks: boolean) => void} changed
   */
  constructor(microphone, changed) {
    this.microphone = microphone
    this.#copy = microphone.clone()
    for (const track of this.#copy.getTracks()) track.enabled = true
    this.#watch = new VoiceWatch(this.#copy, (level, now) => {
      if (level > VOICE) this.#heardAt = now
      const speaks = now - this.#heardAt < PAUSE_MS
      if (speaks !== this.#speaks) changed((this.#speaks = speaks))
    })
  }

  end() {
    this.#watch.end()
    for (const track of this.#copy.getTracks()) track.stop()
  }
}
