/** Listens to the voices of a call: whoever no event tells of, and the person who speaks though they are muted. */

import { MutedVoice } from './muted-voice.js'
import { VoiceWatch } from './voice-watch.js'

/** @typedef {'person' | 'model'} Speaker */

export class Voices {
  /** @type {Map<Speaker, VoiceWatch>} */
  #watches = new Map()
  /** @type {MutedVoice | undefined} */
  #muted

  /**
   * Listens to one, instead of to the stream before.
   *
   * @param {Speaker} who
   * @param {MediaStream | undefined} stream
   * @param {(level: number, now: number) => void} heard The level is from 0 to 1, the time in milliseconds.
   */
  listen(who, stream, heard) {
    if (!stream || this.#watches.get(who)?.stream === stream) return
    this.#watches.get(who)?.end()
    this.#watches.set(who, new VoiceWatch(stream, heard))
  }

  /**
   * @param {MediaStream | undefined} microphone Of the person who is muted; undefined where nobody is, or it is not to be noticed.
   * @param {(speaks: boolean) => void} changed
   */
  listenToMuted(microphone, changed) {
    if (this.#muted?.microphone === microphone) return
    this.#muted?.end()
    this.#muted = microphone && new MutedVoice(microphone, changed)
  }

  /** The call is over. */
  end() {
    for (const watch of this.#watches.values()) watch.end()
    this.#watches.clear()
    this.#muted?.end()
    this.#muted = undefined
  }
}
