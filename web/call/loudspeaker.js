/** Where the model's voice comes out, and how loud. */

/** @import {Preferences} from '../settings/preferences.js' */

import { element } from '../element.js'

export class Loudspeaker {
  #audio = element('voice-out', HTMLAudioElement)
  #playButton = element('play', HTMLButtonElement)
  #volume = element('volume', HTMLInputElement)

  /** @param {Preferences} preferences */
  constructor(preferences) {
    const { volume } = preferences.choices
    if (typeof volume === 'number' && volume >= 0 && volume <= 1) this.#volume.valueAsNumber = volume * 100
    this.#follow()
    this.#volume.addEventListener('input', () => this.#follow())
    this.#volume.addEventListener('change', () => preferences.keep({ volume: this.#audio.volume }))
    this.#playButton.addEventListener('click', () => this.#start())
  }

  /** @param {MediaStream} voice */
  play(voice) {
    this.#audio.srcObject = voice
    return this.#start()
  }

  silence() {
    this.#audio.srcObject = null
    this.#playButton.hidden = true
  }

  #follow() {
    const volume = this.#volume.valueAsNumber / 100
    this.#audio.volume = volume
    // On iOS only the buttons at the side set it.
    element('volume-field').hidden = this.#audio.volume !== volume
    this.#volume.setAttribute('aria-valuetext', `${this.#volume.value} %`)
  }

  async #start() {
    try {
      await this.#audio.play()
      this.#playButton.hidden = true
    } catch (error) {
      // The browser wants another click before it makes a sound. Any other failure only means that the call has ended.
      this.#playButton.hidden = !(error instanceof DOMException && error.name === 'NotAllowedError')
    }
  }
}
