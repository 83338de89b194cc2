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
  /** @type {MediaStream | undefined} */
  #stream
  /** @type {Microphone | undefined} */
  #source
  /** How many microphones were asked for, and which of them was the last to be put to use. */
  #wanted = 0
  #used = 0
  /** @type {MicrophoneStateChange['state']} */
  #state = 'live'
  /** @type {MicrophoneWatch | undefined} */
  #watch
  #opening = 0
  #released = false

  /**
   * @param {object} handlers
   * @param {(change: MicrophoneStateChange) => void} handlers.changed
   * @param {(stream: MediaStream) => void} handlers.opened This one speaks from now on.
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

  /** @returns {MediaStream | undefined} What speaks; undefined before there is one, and when it is released. */
  get stream() {
    return this.#stream
  }

  /** @returns {Microphone | undefined} Where that came from, also when it is released. */
  get source() {
    return this.#source
  }

  /**
   * @param {RTCRtpSender} sender Where the microphone is put, now and whenever it is exchanged.
   */
  async connect(sender) {
    this.#sender = sender
    if (this.#track) await sender.replaceTrack(this.#track)
  }

  /**
   * Of several microphones that are asked for, the latest that is there speaks.
   *
   * @param {Microphone} microphone A stream that stays its owner's to stop, or a function that opens one.
   * @returns {Promise<void>} Rejects where it cannot be opened or used; the one before goes on then.
   */
  async use(microphone) {
    const wanted = ++this.#wanted
    const stream = typeof microphone === 'function' ? await this.#open(microphone) : microphone
    if (this.#released || wanted < this.#used) return giveBack(stream, microphone)
    this.#used = wanted
    try {
      await this.#send(stream)
    } catch (error) {
      giveBack(stream, microphone)
      throw error
    }
    if (this.#released) giveBack(stream, microphone)
    else this.#put(stream, microphone)
  }

  /** Stops what was opened here, also what is granted only later. */
  release() {
    this.#released = true
    this.#watch?.end()
    if (this.#stream) giveBack(this.#stream, this.#source)
    this.#sender = this.#track = this.#stream = undefined
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

  /** @param {MediaStream} stream */
  async #send(stream) {
    const track = trackOf(stream)
    track.enabled = !this.#muted
    await this.#sender?.replaceTrack(track)
  }

  /**
   * @param {MediaStream} stream
   * @param {Microphone} microphone
   */
  #put(stream, microphone) {
    if (this.#stream && this.#stream !== stream) giveBack(this.#stream, this.#source)
    this.#stream = stream
    this.#source = microphone
    this.#track = trackOf(stream)
    this.#track.enabled = !this.#muted
    this.#follow(this.#track, microphone)
    this.#handlers.opened(stream)
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
      if (ours) await this.use(microphone)
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

/**
 * What was opened here is stopped. What was handed in is not muted any more: it is its owner's.
 *
 * @param {MediaStream} stream
 * @param {Microphone | undefined} source
 */
function giveBack(stream, source) {
  if (typeof source === 'function') for (const track of stream.getTracks()) track.stop()
  else for (const track of stream.getAudioTracks()) track.enabled = true
}
