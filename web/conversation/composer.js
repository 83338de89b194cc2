/** Where the person types instead of speaking: Enter sends, Shift and Enter begin a new line. */

import { element, moveFocus } from '../element.js'
import { isComposing } from '../field.js'

export class Composer {
  #form = element('composer', HTMLFormElement)
  #message = element('message', HTMLTextAreaElement)
  #send = element('send', HTMLButtonElement)

  /** @param {(text: string) => boolean} say Whether it was said; otherwise it stays, to be changed. */
  constructor(say) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      const { value } = this.#message
      const text = value.trim()
      if (this.#send.disabled || text === '') return
      this.#message.value = '' // first: what is not said after all is given back, and may be at once
      if (!say(text)) this.#message.value = value
      this.#grow()
    })
    this.#message.addEventListener('input', () => this.#grow())
    this.#message.addEventListener('blur', () => setTimeout(() => this.#followFocus()))
    this.#message.addEventListener('keydown', (event) => {
      // Enter also ends the choice of a character in an input method, which is not the end of the message.
      if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return
      event.preventDefault()
      this.#form.requestSubmit()
    })
  }

  /** As many rows as there are lines, where the browser does not do that by itself. */
  #grow() {
    if (!CSS.supports('field-sizing', 'content')) this.#message.rows = Math.min(this.#message.value.split('\n').length, 4)
  }

  /** @param {boolean} shown */
  set shown(shown) {
    if (!shown) moveFocus(this.#form)
    this.#form.hidden = !shown
  }

  /** @param {boolean} allowed Whether something can be sent now. */
  set allowed(allowed) {
    if (!allowed) moveFocus(this.#send, this.#message)
    this.#send.disabled = !allowed
    this.#followFocus()
  }

  /** The person goes on writing, also while nothing can be sent: what they type must not go elsewhere. */
  #followFocus() {
    this.#message.disabled = this.#send.disabled && document.activeElement !== this.#message
  }

  /** @param {string} text That was not said after all: it stands there again, unless something else does. */
  restore(text) {
    this.#message.value ||= text
    this.#grow()
  }

  /** @param {string} text What to expect. */
  set placeholder(text) {
    this.#message.placeholder = text
  }
}
