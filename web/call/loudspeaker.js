/** Where the model's voice comes out, and how loud. */

/** @import {Preferences} from '../settings/preferences.js' */

import { element, moveFocus } from '../element.js'

export class Loudspeaker {
  #audio = element('voice-out', HTMLAudioElement)
  #playButton = element('play', HTMLButtonElement)
  #volume = element('volume', HTMLInputElement)
  #field = element('loudspeaker-field')
  #select = element('loudspeaker', HTMLSelectElement)
  #wanted

  /** @param {Preferences} preferences */
  constructor(preferences) {
    const { volume, loudspeaker } = preferences.choices
    this.#wanted = String(loudspeaker ?? '')
    if (typeof volume === 'number' && volume >= 0 && volume <= 1) this.#volume.valueAsNumber = volume * 100
    this.#follow()
    this.#volume.addEventListener('input', () => this.#follow())
    this.#volume.addEventListener('change', () => preferences.keep({ volume: this.#audio.volume }))
    this.#playButton.addEventListener('click', () => this.#start())
    this.#select.addEventListener('change', () => {
      this.#wanted = this.#select.value
      preferences.keep({ loudspeaker: this.#wanted })
      this.#useChosen()
    })
    navigator.mediaDevices?.addEventListener('devicechange', () => this.refresh())
    this.refresh()
  }

  /** @param {MediaStream} voice */
  play(voice) {
    this.#audio.srcObject = voice
    return this.#start()
  }

  silence() {
    this.#audio.srcObject = null
    this.#ask(false)
  }

  /** Lists the loudspeakers. Before a microphone was allowed, browsers tell no names; some let no page choose. */
  async refresh() {
    if (!this.#audio.setSinkId || !navigator.mediaDevices) return
    const all = await navigator.mediaDevices.enumerateDevices()
    const found = all.filter(({ kind, deviceId, label }) => kind === 'audiooutput' && deviceId && deviceId !== 'default' && label)
    this.#select.replaceChildren(new Option('System default', ''), ...found.map(({ deviceId, label }) => new Option(label, deviceId)))
    this.#select.value = this.#wanted
    if (this.#select.selectedIndex < 0) this.#select.value = ''
    this.#field.hidden = found.length === 0
    await this.#useChosen()
  }

  async #useChosen() {
    if (this.#audio.sinkId === this.#select.value) return
    try {
      await this.#audio.setSinkId(this.#select.value)
    } catch (error) {
      // It was unplugged meanwhile, or the browser does not let this page use it: the one before stays in use.
      if (!(error instanceof DOMException)) throw error
      this.#select.value = this.#audio.sinkId
    }
  }

  #follow() {
    const volume = this.#volume.valueAsNumber / 100
    this.#audio.volume = volume
    // On iOS only the phone's buttons set the volume.
    element('volume-field').hidden = this.#audio.volume !== volume
    this.#volume.setAttribute('aria-valuetext', `${this.#volume.value} %`)
  }

  async #start() {
    try {
      await this.#audio.play()
      this.#ask(false)
    } catch (error) {
      // The browser wants another click before it makes a sound. Any other failure only means that the call has ended.
      this.#ask(error instanceof DOMException && error.name === 'NotAllowedError')
    }
  }

  /** @param {boolean} asked Whether the person is asked for a click. */
  #ask(asked) {
    if (!asked) moveFocus(this.#playButton)
    this.#playButton.hidden = !asked
  }
}
