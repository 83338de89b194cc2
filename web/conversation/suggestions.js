/** What the person could say first: pressed, it is said for them; in an audio-only preset it is only read. */

/** @import {Preset} from '../types.js' */

import { element, make, moveFocus } from '../element.js'
import { takesText } from '../settings/preset.js'

export class Suggestions {
  #group = element('suggestions')
  #list = element('suggestion-list')
  /** @type {Preset | undefined} */
  #shown
  #say

  /** @param {(text: string) => void} say */
  constructor(say) {
    this.#say = say
  }

  /** @param {Preset | undefined} preset Undefined: the conversation has begun. */
  show(preset) {
    if (preset === this.#shown) return
    this.#shown = preset
    const suggestions = preset?.suggestions ?? []
    const typed = preset !== undefined && takesText(preset)
    // On a phone the field would open the keyboard.
    moveFocus(this.#list, ...(matchMedia('(hover: none)').matches ? [] : [element('message')]))
    this.#list.replaceChildren(...suggestions.map((text) => make('li', '', typed ? this.#button(text) : quotation(text))))
    this.#group.hidden = suggestions.length === 0
  }

  /** @param {string} text */
  #button(text) {
    const button = make('button', 'pill', text)
    button.type = 'button'
    button.dir = 'auto'
    button.addEventListener('click', () => this.#say(text))
    return button
  }
}

/** @param {string} text */
function quotation(text) {
  const quoted = make('span', '', `“${text}”`)
  quoted.dir = 'auto'
  return quoted
}
