/**
 * What the other side hears of this one: a microphone, which may be muted, exchanged for another during the call, taken
 * by the system, and opened again.
 */

/** @import {Microphone, MicrophoneStateChange} from './types.js' */

import { asMicrophoneError, ended, interrupted } from './microphone.js'
import { MicrophoneWatch } from './microphone-watch.js'

export class Input {
  #muted = false
  #handlers
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
  /** @type {MicrophoneStateChange['state']} */
  #state = 'live'
  /** @type {MicrophoneWatch | undefined} */
  #watch
  #opening = 0
  #released = false

  /**
   * @param {object} handlers
   * @param {(change: MicrophoneStateChange) => void} handlers.changed
   * @param {(stream: MediaStream) => void} handlers.reopened What had been lost speaks again.
   */
  constructor(handlers) {
    this.#handlers = handlers
  }

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
    this.#watch?.end()
    stop(this.#opened)
    this.#sender = this.#track = this.#opened = this.#latest = undefined
  }

  /**
   * @param {Microphone} microphone
   * @param {number} wanted
   */
  async #use(microphone, wanted) {
    const opens = typeof microphone === 'function'
    const stream = opens ? await this.#open(microphone) : microphone
    const late = wanted !== this.#wanted
    if (opens && (late || this.#released)) stop(stream)
    if (late) return /** @type {Promise<MediaStream>} */ (this.#latest)
    if (!this.#released) await this.#put(stream, microphone)
    return stream
  }

  /** @param {() => Promise<MediaStream>} microphone */
  async #open(microphone) {
    this.#opening += 1
    try {
      return await microphone()
    } catch (error) {
      throw asMicrophoneError(error)
    } finally {
      this.#opening -= 1
    }
  }

  /**
   * @param {MediaStream} stream
   * @param {Microphone} microphone
   */
  async #put(stream, microphone) {
    const before = this.#opened
    this.#opened = typeof microphone === 'function' ? stream : undefined
    this.#track = trackOf(stream)
    this.#track.enabled = !this.#muted
    this.#follow(this.#track, microphone)
    try {
      await this.#sender?.replaceTrack(this.#track)
    } finally {
      stop(before)
    }
  }

  /**
   * @param {MediaStreamTrack} track
   * @param {Microphone} microphone
   */
  #follow(track, microphone) {
    this.#watch?.end()
    const changed = () => this.#become(track.muted ? 'interrupted' : 'live', track.muted ? interrupted() : undefined)
    const reopen = () => this.#reopen(track, microphone)
    // Some browsers forget to unmute: what has been taken is opened anew, too.
    this.#watch = new MicrophoneWatch(track, { changed, ended: reopen, retry: () => this.#state !== 'live' && reopen() })
    changed()
  }

  /**
   * @param {MediaStreamTrack} track
   * @param {Microphone} microphone
   */
  async #reopen(track, microphone) {
    const ours = typeof microphone === 'function' && this.#opening === 0
    try {
      if (ours) this.#handlers.reopened(await this.use(microphone))
      else if (track.readyState === 'ended') this.#become('ended', ended())
    } catch (error) {
      if (track === this.#track && track.readyState === 'ended') this.#become('ended', ended(error))
    }
  }

  /**
   * @param {MicrophoneStateChange['state']} state
   * @param {MicrophoneStateChange['error']} [error]
   */
  #become(state, error) {
    if (state === this.#state || this.#released) return
    this.#state = state
    this.#handlers.changed({ state, error })
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
