/** The form in which the person sets up the next call. It knows the presets, and nothing of calls. */

/** @import {Choice, Config, Preset, Settings} from './types.js' */

import { element } from './element.js'

const INTERFACES = {
  session: 'Your server relays the offer together with its own session config. Simplest, and the server can hang up.',
  token: 'Your server mints an ephemeral key, and this browser creates the call with it. Good for one call.'
}

const NOTES = {
  locked: 'Locked: audio only, by design. Nothing can be read or changed from the browser, so there is no transcript.',
  transcription: 'Writes down what you say. No voice answers.'
}

export class SettingsForm {
  #form = element('settings', HTMLFormElement)
  #fields = element('setting-fields', HTMLFieldSetElement)
  #preset = element('preset', HTMLSelectElement)
  #interface = element('interface', HTMLSelectElement)
  #choices = element('choices')
  #presets

  /** @param {Config} config */
  constructor({ presets, default_preset: chosen }) {
    this.#presets = presets
    const options = presets.map(({ name, title, locked }) => new Option(locked ? `${title} · audio only` : title, name))
    this.#preset.replaceChildren(...options)
    this.#preset.value = chosen
    this.#preset.addEventListener('change', () => this.#showPreset())
    this.#interface.addEventListener('change', () => this.#describeInterface())
    this.#form.addEventListener('submit', (event) => event.preventDefault())
    this.#showPreset()
  }

  /** @param {boolean} disabled True while a call is up: its settings cannot change any more. */
  set disabled(disabled) {
    this.#fields.disabled = disabled
  }

  /** @returns {Settings} */
  get value() {
    const choices = [...this.#choices.querySelectorAll('select')].map(({ name, value }) => [name, value])
    return {
      interface: this.#interface.value === 'token' ? 'token' : 'session',
      preset: this.#chosenPreset(),
      choices: Object.fromEntries(choices)
    }
  }

  /** @returns {Preset} */
  #chosenPreset() {
    const preset = this.#presets.find(({ name }) => name === this.#preset.value)
    if (!preset) throw new TypeError('config.json names no preset, or a default that is not among them.')
    return preset
  }

  #showPreset() {
    const preset = this.#chosenPreset()
    element('preset-description').textContent = preset.description
    element('preset-note').textContent = preset.locked ? NOTES.locked : preset.type === 'transcription' ? NOTES.transcription : ''
    this.#choices.replaceChildren(...Object.entries(preset.may_choose).map(([name, values]) => choice(name, values, preset.chosen[name])))
    this.#offerInterfaces(preset)
  }

  /** @param {Preset} preset */
  #offerInterfaces({ locked }) {
    const token = /** @type {HTMLOptionElement} */ (this.#interface.querySelector('[value=token]'))
    token.disabled = locked
    if (locked) this.#interface.value = 'session'
    this.#describeInterface()
  }

  #describeInterface() {
    const locked = this.#chosenPreset().locked ? ' An ephemeral key would unlock this preset, so none is given.' : ''
    element('interface-description').textContent = INTERFACES[this.value.interface] + locked
  }
}

/**
 * A field for one of the choices that the preset leaves to the client.
 *
 * @param {string} name
 * @param {Choice[]} values
 * @param {Choice | undefined} chosen
 */
function choice(name, values, chosen) {
  const field = document.createElement('div')
  field.className = 'field'
  const label = document.createElement('label')
  label.htmlFor = name
  label.textContent = titled(name.replaceAll('_', ' '))
  const select = document.createElement('select')
  select.id = name
  select.name = name
  select.append(...values.map((value) => new Option(choiceLabel(name, String(value)), String(value))))
  if (chosen !== undefined) select.value = String(chosen)
  field.append(label, select)
  return field
}

/**
 * @param {string} name
 * @param {string} value
 */
function choiceLabel(name, value) {
  if (name === 'language') return new Intl.DisplayNames('en', { type: 'language' }).of(value) ?? value
  if (name === 'speed') return `${value}×`
  return titled(value)
}

/** @param {string} text */
function titled(text) {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
