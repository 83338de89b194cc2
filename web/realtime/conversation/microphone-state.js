/** The person's microphone, as the state of the conversation tells it: how they talk, what is sent, what is wrong. */

/** @import {MicrophoneModeName, MicrophoneStateChange, MicrophoneView} from '../types.js' */

/** @type {Pick<MicrophoneView, 'stream' | 'state' | 'error' | 'speaksMuted'>} */
const CLOSED = { stream: undefined, state: 'live', error: undefined, speaksMuted: false }

export class MicrophoneState {
  #muted = false
  #pressed = false
  #manual = false
  /** @type {MicrophoneModeName} what the person chose */
  #chosen = 'open'
  #track = CLOSED
  /** @type {MicrophoneView | undefined} */
  #view

  /** @returns {MicrophoneView} The same object until something in it is different. */
  get view() {
    const { muted, pressed, manual } = this
    const speaksMuted = muted && this.#track.speaksMuted
    const view = /** @type {MicrophoneView} */ ({ mode: this.pushes ? 'push' : 'open', muted, pressed, manual, ...this.#track, speaksMuted })
    const names = /** @type {(keyof MicrophoneView)[]} */ (Object.keys(view))
    const before = this.#view
    if (!before || names.some((name) => !Object.is(view[name], before[name]))) this.#view = Object.freeze(view)
    return this.#view ?? view
  }

  /** Whether nothing is sent of what the microphone hears. */
  get silent() {
    return this.pushes ? !this.#pressed : this.#muted
  }

  /** Who pushes to talk is not muted: they are heard while they press. Afterwards they are muted as before. */
  get muted() {
    return this.#muted && !this.pushes
  }

  get pressed() {
    return this.#pressed
  }

  /** Whether the session takes no turns by itself: then somebody has to say when one ends. */
  get manual() {
    return this.#manual
  }

  /** Whether the person presses something to talk. */
  get pushes() {
    return this.#manual || this.#chosen === 'push'
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#muted = muted
    this.noticeSpeech(false)
  }

  /** @param {MicrophoneModeName} mode */
  choose(mode) {
    if (mode !== this.#chosen) this.#pressed = false
    this.#chosen = mode
  }

  /** @param {boolean} pressed */
  press(pressed) {
    this.#pressed = pressed
  }

  /** @param {boolean} manual Whether the session takes no turns by itself. */
  follow(manual) {
    this.#manual = manual
  }

  /** Another call than the last one begins. Who is muted stays so. */
  begin() {
    this.#pressed = this.#manual = false
  }

  /** @param {MediaStream} stream */
  open(stream) {
    this.#track = { ...this.#track, stream }
  }

  /** @param {MicrophoneStateChange} change Of its track. */
  change({ state, error }) {
    this.#track = { ...this.#track, state, error }
  }

  /** @param {boolean} speaksMuted Whether the person speaks though they are muted. */
  noticeSpeech(speaksMuted) {
    this.#track = { ...this.#track, speaksMuted }
  }

  /** The call is over. */
  close() {
    this.#pressed = false
    this.#track = CLOSED
  }
}
