/** How the person's voice gets into the calls: open, muted, or only while something is pressed. */

/** @import {MicrophoneModeName} from '../types.js' */

export class MicrophoneMode {
  #muted = false
  #pressed = false
  #manual = false
  /** @type {MicrophoneModeName} what the person chose */
  #chosen = 'open'

  /** Whether nothing is sent of what the microphone hears. */
  get silent() {
    return this.#muted || (this.pushes && !this.#pressed)
  }

  get muted() {
    return this.#muted
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
  }

  /** @param {MicrophoneModeName} mode */
  choose(mode) {
    this.#chosen = mode
    this.#muted = this.#pressed = false
  }

  /** @param {boolean} pressed */
  press(pressed) {
    this.#pressed = pressed
  }

  /** @param {boolean} manual */
  follow(manual) {
    if (manual !== this.#manual) this.#muted = false
    this.#manual = manual
  }

  /** Another call than the last one begins: it is heard, unless something is to be pressed. */
  begin() {
    this.#muted = this.#pressed = this.#manual = false
  }
}
