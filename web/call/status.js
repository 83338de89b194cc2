/** What a screen reader says, and the tab shows, of the call. */

import { element } from '../element.js'

const PAGE = document.title

/** The icons of the tab. */
const ICONS = { call: 'icon-call.svg', muted: 'icon-muted.svg', none: 'icon.svg' }

export class Status {
  #state = element('state')
  #announced = element('announced')
  #advice = element('advice')
  #icon = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel=icon]'))

  /**
   * @param {string} state
   * @param {string} advice
   * @param {string} [announced] What a screen reader says of the state.
   */
  say(state, advice, announced = state) {
    write(this.#state, state)
    write(this.#announced, announced)
    write(this.#advice, advice)
  }

  /**
   * Title and icon of the tab, by which it is found among others.
   *
   * @param {boolean} busy
   * @param {boolean} up Whether the call is.
   * @param {boolean} muted
   */
  mark(busy, up, muted) {
    const title = up ? (muted ? 'Muted' : 'In a call') : busy ? 'Connecting' : ''
    document.title = title ? `${title} · ${PAGE}` : PAGE
    const icon = ICONS[up ? (muted ? 'muted' : 'call') : 'none']
    if (this.#icon.getAttribute('href') !== icon) this.#icon.href = icon
  }
}

/**
 * Written only where it differs, since a screen reader says each change of a live region.
 *
 * @param {HTMLElement} target
 * @param {string} text
 */
function write(target, text) {
  if (target.textContent !== text) target.textContent = text
}
