/** Keys: M mutes wherever nothing is typed; Escape closes what is open, or hangs up. They can be switched off. */

/** @import {Preferences} from '../settings/preferences.js' */

import { element } from '../element.js'
import { fieldOf, isComposing } from '../field.js'

export class Shortcuts {
  #enabled = element('shortcuts', HTMLInputElement)
  #call

  /**
   * @param {Preferences} preferences
   * @param {{mute: () => void, hangUp: () => void}} call Both are harmless where there is none.
   */
  constructor(preferences, call) {
    this.#call = call
    this.#enabled.checked = preferences.choices.shortcuts !== false
    this.#enabled.addEventListener('change', () => preferences.keep({ shortcuts: this.#enabled.checked }))
    addEventListener('keydown', (event) => this.#follow(event))
  }

  /** @param {KeyboardEvent} event */
  #follow(event) {
    const { key, target, repeat, ctrlKey, altKey, metaKey } = event
    if (repeat || ctrlKey || altKey || metaKey || isComposing(event)) return
    const field = fieldOf(target)
    if (key === 'Escape') this.#escape(target, field)
    else if (key.toLowerCase() === 'm' && !field && this.#enabled.checked) this.#call.mute()
  }

  /**
   * @param {EventTarget | null} target
   * @param {Element | null} field
   */
  #escape(target, field) {
    const open = document.querySelector('dialog[open]')
    if (open instanceof HTMLDialogElement) {
      // The browser closes a modal dialog by itself.
      if (!open.matches(':modal')) open.close()
    } else if (field instanceof HTMLElement) field.blur()
    else if (this.#enabled.checked && isAtCall(target)) this.#call.hangUp()
  }
}

/** @param {EventTarget | null} target Elsewhere a single key that is pressed by mistake would end the call. */
function isAtCall(target) {
  return target === document.body || (target instanceof Element && target.closest('.dock') !== null)
}
