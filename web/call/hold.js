/** A button that is held to talk, and the space bar that does the same. Losing the focus or the pointer counts as letting go. */

import { element } from '../element.js'

/** Where the space bar talks. It presses any other button that has the focus, but not the one that hangs up. */
const FOCUSABLE = ['scroll', 'call']

/** After a press that is shorter than this, the button stays down until the next one: not everybody can hold a button. */
const TAP_MS = 350

/** The events `press` and `release` tell when the person begins and stops to talk. */
export class Hold extends EventTarget {
  #button
  #held = false
  #pressedAt = 0
  /** Whether the press of the space bar was for the button: then so is its release, wherever the focus has gone meanwhile. */
  #space = false
  #shortcuts = element('shortcuts', HTMLInputElement)
  /** Whether the space bar talks, also where the focus is not on the button. */
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

  /** After a short press it stays down. */
  #up() {
    if (performance.now() - this.#pressedAt > TAP_MS) this.release()
    else this.#latch()
  }

  /** A click cannot be held: the button stays down. */
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
    this.#button.toggleAttribute('data-held', held)
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
      if (!this.armed || event.key !== ' ' || !this.#talksAt(target) || ctrlKey || altKey || metaKey) return
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

  /** @param {EventTarget | null} target */
  #talksAt(target) {
    if (target === this.#button) return true
    if (!this.#shortcuts.checked || document.querySelector('dialog:modal')) return false
    return target === document.body || (target instanceof HTMLElement && FOCUSABLE.includes(target.id))
  }

  /** A person who goes elsewhere does not mean to be heard, and the page may never be told that they let go. */
  #followFocus() {
    addEventListener('blur', () => this.release())
    document.addEventListener('visibilitychange', () => this.release())
    document.addEventListener('focusin', ({ target }) => target !== this.#button && this.release())
    this.#button.addEventListener('blur', () => this.release())
  }
}
