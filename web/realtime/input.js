/** What the other side hears of this one: a microphone, which may be muted, and exchanged for another during the call. */

/** @import {Microphone} from './types.js' */

import { asMicrophoneError } from './microphone.js'

export class Input {
  #muted = false
  /** @type {RTCRtpSender | undefined} */
  #sender
  /** @type {MediaStreamTrack | undefined} */
  #track
  /** @type {MediaStream | undefined} what was opened here, and so must be stopped here */
  #opened
  /** Whichever microphone was asked for last is the one that speaks. */
  #wanted = 0
  /** @type {Promise<MediaStream> | undefined} */
  #latest
  #released = false

  get muted() {
    return this.#muted
  }

  set muted(muted) {
    this.#muted = muted
    if (this.#track) this.#track.enabled = !muted
  }

  /**
   * @param {RTCRtpSender} sender Where the microphone is put, now and whenever it is exchanged.
   */
  async connect(sender) {
    this.#sender = sender
    if (this.#track) await sender.replaceTrack(this.#track)
  }

  /**
   * @param {Microphone} microphone A stream that stays its owner's to stop, or a function that opens one.
   * @returns {Promise<MediaStream>} The stream that speaks now: a later one's, when another was asked for meanwhile.
   */
  use(microphone) {
    const using = this.#use(microphone, ++this.#wanted)
    this.#latest = using
    return using
  }

  /** Stops what was opened here, also what is granted only later. */
  release() {
    this.#released = true
    stop(this.#opened)
  }

  /**
   * @param {Microphone} microphone
   * @param {number} wanted
   */
  async #use(microphone, wanted) {
    const opens = typeof microphone === 'function'
    const stream = opens ? await opened(microphone) : microphone
    const late = wanted !== this.#wanted
    if (opens && (late || this.#released)) stop(stream)
    if (late) return /** @type {Promise<MediaStream>} */ (this.#latest)
    if (!this.#released) await this.#put(stream, opens)
    return stream
  }

  /**
   * @param {MediaStream} stream
   * @param {boolean} opened
   */
  async #put(stream, opened) {
    const before = this.#opened
    this.#opened = opened ? stream : undefined
    this.#track = trackOf(stream)
    this.#track.enabled = !this.#muted
    try {
      await this.#sender?.replaceTrack(this.#track)
    } finally {
      stop(before)
    }
  }
}

/** @param {() => Promise<MediaStream>} microphone */
async function opened(microphone) {
  try {
    return await microphone()
  } catch (error) {
    throw asMicrophoneError(error)
  }
}

/** @param {MediaStream} stream */
function trackOf(stream) {
  const track = stream.getAudioTracks()[0]
  if (!track) throw new TypeError('The microphone’s stream has no audio track.')
  return track
}

/** @param {MediaStream | undefined} stream */
function stop(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop()
}
