/** A button that is held to talk, and the space bar that does the same: whatever takes either away lets go of it. */

import { fieldOf } from '../field.js'

/** Pressed for less than this, the button stays down until it is pressed again: not everybody can hold one. */
const TAP_MS = 350

/** The events `press` and `release` tell what became of it. */
export class Hold extends EventTarget {
  #button
  #held = false
  #pressedAt = 0
  /** Whether the space bar went down here: it comes up here, too, wherever the focus has gone meanwhile. */
  #space = false
  /** Whether the space bar is the button's, and no other button's. */
  armed = false

  /** @param {HTMLButtonElement} button While it is hidden nothing can be pressed. */
  constructor(button) {
    super()
    this.#button = button
    this.#followButton()
    this.#followSpaceBar()
    this.#followFocus()
  }

  get held() {
    return this.#held
  }

  /** Lets go. Letting go again is harmless. */
  release() {
    if (this.#held) this.#become(false)
  }

  #down() {
    if (this.#held) this.release()
    else if (!this.#button.hidden) this.#become(true)
  }

  /** Let go after a moment: it stays down. */
  #up() {
    if (performance.now() - this.#pressedAt > TAP_MS) this.release()
    else this.#latch()
  }

  /** Nothing is held that could be let go of: it stays down. */
  #click() {
    this.#down()
    this.#latch()
  }

  #latch() {
    if (this.#held) this.#button.textContent = 'Press to send'
  }

  /** @param {boolean} held */
  #become(held) {
    this.#held = held
    this.#pressedAt = performance.now()
    this.#button.ariaPressed = String(held)
    this.#button.textContent = held ? 'Let go to send' : 'Hold to talk'
    this.dispatchEvent(new Event(held ? 'press' : 'release'))
  }

  #followButton() {
    const button = this.#button
    button.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return
      button.setPointerCapture(event.pointerId)
      this.#down()
    })
    button.addEventListener('pointerup', () => this.#up())
    button.addEventListener('pointercancel', () => this.release())
    button.addEventListener('contextmenu', (event) => event.preventDefault())
    // A click without a pointer: the Enter key, a screen reader, or a voice command.
    button.addEventListener('click', (event) => event.detail === 0 && !event.pointerType && this.#click())
  }

  #followSpaceBar() {
    addEventListener('keydown', (event) => {
      const { target, ctrlKey, altKey, metaKey } = event
      const elsewhere = fieldOf(target) ?? document.querySelector('dialog:modal')
      if (!this.armed || event.key !== ' ' || elsewhere || ctrlKey || altKey || metaKey) return
      // Nor does it press the button that has the focus, which is mostly the one that hangs up.
      event.preventDefault()
      if (event.repeat) return
      this.#space = true
      this.#down()
    })
    addEventListener('keyup', (event) => {
      if (event.key !== ' ' || !this.#space) return
      event.preventDefault()
      this.#space = false
      this.#up()
    })
  }

  /** Whoever goes elsewhere does not mean to be heard, and their letting go may never be told here. */
  #followFocus() {
    addEventListener('blur', () => this.release())
    document.addEventListener('visibilitychange', () => this.release())
    document.addEventListener('focusin', ({ target }) => target !== this.#button && this.release())
    this.#button.addEventListener('blur', () => this.release())
  }
}
