/** Where the person types instead of speaking. */

import { element } from '../element.js'

export class Composer {
  #message = element('message', HTMLInputElement)
  #send = element('send', HTMLButtonElement)

  /** @param {(text: string) => boolean} say Whether it was said; otherwise it stays, to be changed. */
  constructor(say) {
    element('composer', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault()
      const text = this.#message.value.trim()
      if (text !== '' && say(text)) this.#message.value = ''
    })
  }

  /** @param {boolean} allowed */
  set allowed(allowed) {
    this.#message.disabled = !allowed
    this.#send.disabled = !allowed
  }
}
