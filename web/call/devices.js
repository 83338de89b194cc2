/** Which microphone is used: the list follows what is plugged in and out. */

/** @import {Preferences} from '../settings/preferences.js' */

import { element } from '../element.js'
import { microphonePermissionStatus, microphones, openMicrophone } from '../realtime/microphone.js'

/**
 * A `change` event tells that another microphone is to be used from now on, with the sentence to show where the person has
 * not chosen it; `available` and `allowed` tell that one may be.
 */
export class Devices extends EventTarget {
  #select = element('microphone', HTMLSelectElement)
  #note = element('microphone-note')
  #preferences
  #wanted
  /** @type {PermissionState | undefined} undefined where the browser does not tell */
  #permission

  /** @param {Preferences} preferences */
  constructor(preferences) {
    super()
    this.#preferences = preferences
    this.#wanted = String(preferences.choices.microphone ?? '')
    this.#select.addEventListener('change', () => this.#choose(this.#select.value))
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#look())
    this.refresh()
    this.#followPermission()
  }

  get permission() {
    return this.#permission
  }

  /** Opens the one that was chosen, or the browser's own choice where it is not there. */
  open() {
    const deviceId = this.#select.value
    return openMicrophone({ deviceId: deviceId || undefined })
  }

  /** Lists the microphones. Before one was allowed, browsers tell no names. */
  async refresh() {
    if (!navigator.mediaDevices) return
    const before = this.#select.value
    const found = (await microphones(navigator.mediaDevices)).filter(({ deviceId, label }) => deviceId && deviceId !== 'default' && label)
    const options = found.map(({ deviceId, label }) => new Option(label, deviceId))
    this.#select.replaceChildren(new Option('System default', ''), ...options)
    this.#select.value = this.#wanted
    if (this.#select.selectedIndex < 0) this.#select.value = ''
    this.#tell(before)
  }

  async #look() {
    await this.refresh()
    // Not of those in the list: before one was allowed, no microphone has a name.
    const all = await navigator.mediaDevices.enumerateDevices()
    if (all.some(({ kind }) => kind === 'audioinput')) this.dispatchEvent(new Event('available'))
  }

  /** @param {string} before */
  #tell(before) {
    const { value, selectedOptions } = this.#select
    if (value === before) return
    this.#note.textContent = value === '' ? 'Your microphone was unplugged: the system default is used now.' : `Now used: ${selectedOptions[0]?.label}.`
    this.dispatchEvent(new CustomEvent('change', { detail: this.#note.textContent }))
  }

  /** @param {string} deviceId */
  #choose(deviceId) {
    this.#wanted = deviceId
    this.#note.textContent = ''
    this.#preferences.keep({ microphone: deviceId })
    this.dispatchEvent(new Event('change'))
  }

  async #followPermission() {
    const status = await microphonePermissionStatus()
    this.#permission = status?.state
    status?.addEventListener('change', () => {
      this.#permission = status.state
      if (status.state !== 'denied') this.dispatchEvent(new Event('allowed'))
    })
  }
}
