/** A panel at the side: over the page or, where it may and there is room, beside it. */

import { element } from './element.js'

/** The same as in style.css. */
const WIDE = '(min-width: 70rem)'

export class Drawer {
  #dialog
  #opener
  #beside
  #wide = matchMedia(WIDE)

  /**
   * @param {string} name Of the dialog `<name>-panel`, which the button `<name>-open` opens.
   * @param {object} [options]
   * @param {boolean} [options.beside] Whether the page can be used while it is open, on a wide screen.
   * @param {() => void} [options.opened]
   */
  constructor(name, { beside = false, opened = () => {} } = {}) {
    this.#dialog = element(`${name}-panel`, HTMLDialogElement)
    this.#opener = element(`${name}-open`, HTMLButtonElement)
    this.#beside = beside
    this.#opener.addEventListener('click', () => {
      if (this.#dialog.open) return this.#dialog.close()
      this.#open()
      opened()
    })
    this.#dialog.querySelector('.close')?.addEventListener('click', () => this.#dialog.close())
    this.#dialog.addEventListener('click', (event) => this.#closeOutside(event))
    this.#dialog.addEventListener('close', () => this.#closed())
    this.#wide.addEventListener('change', () => this.#adapt())
  }

  #open() {
    if (this.#beside && this.#wide.matches) this.#dialog.show()
    else this.#dialog.showModal()
    this.#opener.ariaExpanded = 'true'
  }

  #closed() {
    // It may have been opened again already: over the page instead of beside it, or the other way round.
    if (this.#dialog.open) return
    this.#opener.ariaExpanded = 'false'
    // The browser returns the focus, except where the element that had it is gone; a person who has moved on keeps theirs.
    if (document.activeElement === document.body) this.#opener.focus()
  }

  /** Beside the page on a wide screen, over it on a narrow one: a window may become either. */
  #adapt() {
    if (!this.#dialog.open || !this.#beside) return
    this.#dialog.close()
    this.#open()
  }

  /** @param {MouseEvent} event A click on the backdrop has the dialog itself as its target, outside of its box. */
  #closeOutside({ target, clientX, clientY }) {
    const { left, right, top, bottom } = this.#dialog.getBoundingClientRect()
    const inside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom
    if (target === this.#dialog && !inside && clientX + clientY > 0) this.#dialog.close()
  }
}
