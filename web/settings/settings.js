/** The form in which the person sets up the next call. It knows the presets, and nothing of calls. */

/** @import {Preferences} from './preferences.js' */
/** @import {Choice, Config, Preset, Settings} from '../types.js' */

import { element, make } from '../element.js'
import { isMintable } from './preset.js'

const INTERFACES = {
  session: 'Your server relays the offer together with its own session config. Simplest, and the server can hang up.',
  token: 'Your server mints an ephemeral key, and this browser creates the call with it. Good for one call.'
}

/** A `preset` event tells that another preset was chosen. */
export class SettingsForm extends EventTarget {
  #form = element('settings', HTMLFormElement)
  #fieldsets = ['setting-fields', 'choices', 'interface-fields'].map((id) => element(id, HTMLFieldSetElement))
  #preset = element('preset', HTMLSelectElement)
  #interface = element('interface', HTMLSelectElement)
  #firstChoice = element('first-choice')
  #choices = element('choices')
  #presets
  #preferences

  /**
   * @param {Config} config
   * @param {Preferences} preferences Of what was set the last time.
   */
  constructor({ presets, default_preset: chosen }, preferences) {
    super()
    this.#presets = presets
    this.#preferences = preferences
    const options = presets.map(({ name, title, data_channel: channel }) => new Option(channel ? title : `${title} · audio only`, name))
    this.#preset.replaceChildren(...options)
    select(this.#preset, chosen)
    select(this.#preset, preferences.choices.preset)
    select(this.#interface, preferences.choices.interface)
    this.#preset.addEventListener('change', () => this.#showPreset())
    this.#interface.addEventListener('change', () => this.#describeInterface())
    this.#form.addEventListener('submit', (event) => event.preventDefault())
    for (const fieldset of this.#fieldsets) fieldset.addEventListener('change', () => this.#keep())
    this.#showPreset()
  }

  /** @param {boolean} disabled True while a call is up: its settings cannot change any more. */
  set disabled(disabled) {
    for (const fieldset of this.#fieldsets) fieldset.disabled = disabled
  }

  /** @returns {Settings} */
  get value() {
    const fields = [this.#firstChoice, this.#choices].flatMap((place) => [...place.querySelectorAll('select')])
    const choices = fields.map(({ name, value }) => [name, value])
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
    const remembered = this.#preferences.choices.of?.[preset.name]
    const fields = Object.entries(preset.may_choose).map(([name, values]) => choice(name, values, preset.chosen[name], remembered?.[name]))
    const [first, ...rest] = fields
    this.#firstChoice.replaceChildren(...(first?.children ?? []))
    this.#choices.replaceChildren(...[...this.#choices.children].slice(0, 1), ...rest)
    this.#offerInterfaces(preset)
    this.dispatchEvent(new Event('preset'))
  }

  #keep() {
    const { preset, interface: chosen, choices } = this.value
    // Some presets have one interface: that is not the person's choice.
    const kept = !isMintable(preset) ? {} : { interface: chosen }
    this.#preferences.keep({ preset: preset.name, of: { ...this.#preferences.choices.of, [preset.name]: choices }, ...kept })
  }

  /** @param {Preset} preset */
  #offerInterfaces(preset) {
    const token = /** @type {HTMLOptionElement} */ (this.#interface.querySelector('[value=token]'))
    token.disabled = !isMintable(preset)
    if (token.disabled) this.#interface.value = 'session'
    this.#describeInterface()
  }

  #describeInterface() {
    const { locked } = this.#chosenPreset()
    element('interface-description').textContent = INTERFACES[this.value.interface] + (locked ? ' An ephemeral key would unlock this preset, so none is given.' : '')
  }
}

/**
 * A field for one of the choices that the preset leaves to the client.
 *
 * @param {string} name
 * @param {Choice[]} values
 * @param {Choice | undefined} chosen
 * @param {unknown} remembered
 */
function choice(name, values, chosen, remembered) {
  const label = make('label', '', titled(name.replaceAll('_', ' ')))
  label.htmlFor = name
  const field = make('select', '', ...values.map((value) => new Option(choiceLabel(name, String(value)), String(value))))
  field.id = name
  field.name = name
  field.setAttribute('form', 'settings')
  select(field, chosen)
  select(field, remembered)
  return make('div', 'field', label, field)
}

/**
 * Selects a value, if it is there.
 *
 * @param {HTMLSelectElement} field
 * @param {unknown} value
 */
function select(field, value) {
  if ([...field.options].some((option) => option.value === String(value))) field.value = String(value)
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
