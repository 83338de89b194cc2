/** How the person's voice gets into the call: open, muted, or only while a button or the space bar is held. */

/** @import {Call} from './realtime/call.js' */
/** @import {Dialogue} from './dialogue.js' */
/** @import {Memory} from './memory.js' */
/** @import {Preset, ServerEvent} from './types.js' */

import { element } from './element.js'

/** Pressed for less than this, the button stays down until it is pressed again: not everybody can hold one. */
const TAP_MS = 350

/** The last sound is still on its way when the button is let go: media and events take different roads. */
const TAIL_MS = 250

/** Where the space bar has a meaning of its own. */
const TAKEN = 'a, button, input, select, textarea, summary, [role=region]'

/** A `mode` event tells that the person wants to talk the other way. */
export class Talk extends EventTarget {
  #button = element('talk', HTMLButtonElement)
  #muteButton = element('mute', HTMLButtonElement)
  #mode = element('talking', HTMLSelectElement)
  /** @type {{call: Call, dialogue: Dialogue | undefined, type: Preset['type']} | undefined} */
  #line
  /** @type {unknown} how the upstream takes turns, unless the person says when */
  #turnDetection
  #talking = false
  #pressedAt = 0

  /** @param {Memory} memory */
  constructor(memory) {
    super()
    if (memory.choices.talking === 'push') this.#mode.value = 'push'
    this.#mode.addEventListener('change', () => {
      memory.keep({ talking: this.pushes ? 'push' : 'open' })
      this.#changeMode()
    })
    this.#muteButton.addEventListener('click', () => this.#mute(this.#muteButton.ariaPressed !== 'true'))
    this.#followButton()
    this.#followSpaceBar()
  }

  /** Whether a button is held to talk. */
  get pushes() {
    return this.#mode.value === 'push'
  }

  /**
   * @param {Call} call
   * @param {Dialogue | undefined} dialogue Undefined in a locked call, which hears silence in place of events.
   * @param {Preset} preset
   */
  begin(call, dialogue, { type }) {
    this.#line = { call, dialogue, type }
    this.#mute(false)
  }

  /** @param {ServerEvent} event */
  follow({ type, session }) {
    if (type !== 'session.created') return
    const input = /** @type {{turn_detection?: unknown} | undefined} */ (session?.audio?.input)
    this.#turnDetection = input?.turn_detection ?? null
    if (this.pushes) this.#detectTurns(null)
  }

  show() {
    const connected = this.#line?.call.state === 'connected'
    this.#muteButton.disabled = !connected || this.pushes
    this.#button.hidden = !connected || !this.pushes
  }

  end() {
    this.#line = undefined
    this.#become(false)
    this.#muteButton.ariaPressed = 'false'
    this.show()
  }

  /** @param {boolean} muted */
  #mute(muted) {
    if (this.#line) this.#line.call.muted = muted || (this.pushes && !this.#talking)
    this.#muteButton.ariaPressed = String(muted)
  }

  #changeMode() {
    this.#become(false)
    if (this.#line) this.#mute(false)
    if (this.#line?.call.state === 'connected') this.#detectTurns(this.pushes ? null : this.#turnDetection)
    this.show()
    this.dispatchEvent(new Event('mode'))
  }

  /** @param {unknown} turnDetection Null: the client says when a turn ends. */
  #detectTurns(turnDetection) {
    const { dialogue, type } = this.#line ?? {}
    dialogue?.send({ type: 'session.update', session: { type, audio: { input: { turn_detection: turnDetection } } } })
  }

  #press() {
    if (!this.#line || !this.pushes || this.#talking) return
    this.#become(true)
    this.#line.dialogue?.interrupt()
    this.#line.dialogue?.send({ type: 'input_audio_buffer.clear' })
    this.#mute(false)
  }

  #release() {
    const line = this.#line
    if (!line || !this.#talking) return
    this.#become(false)
    this.#mute(false)
    setTimeout(() => {
      if (line !== this.#line || this.#talking) return
      line.dialogue?.send({ type: 'input_audio_buffer.commit' })
      if (line.type === 'realtime') line.dialogue?.request()
    }, TAIL_MS)
  }

  /** @param {boolean} talking */
  #become(talking) {
    this.#talking = talking
    this.#pressedAt = performance.now()
    this.#button.ariaPressed = String(talking)
    this.#button.textContent = talking ? 'Let go to send' : 'Hold to talk'
  }

  #down() {
    if (this.#talking) this.#release()
    else this.#press()
  }

  /** Let go after a moment: it stays down. */
  #up() {
    if (performance.now() - this.#pressedAt > TAP_MS) this.#release()
    else if (this.#talking) this.#button.textContent = 'Press to send'
  }

  #followButton() {
    const button = this.#button
    button.addEventListener('pointerdown', (event) => {
      button.setPointerCapture(event.pointerId)
      this.#down()
    })
    for (const type of ['pointerup', 'pointercancel']) button.addEventListener(type, () => this.#up())
    button.addEventListener('contextmenu', (event) => event.preventDefault())
    // A click without a pointer: a screen reader, or a voice command.
    button.addEventListener('click', (event) => event.detail === 0 && !event.pointerType && this.#down())
    button.addEventListener('blur', () => this.#up())
  }

  #followSpaceBar() {
    const means = (/** @type {KeyboardEvent} */ { key, target }) => {
      const other = target instanceof Element && target !== this.#button && target.closest(TAKEN)
      return key === ' ' && !other && !this.#button.hidden
    }
    addEventListener('keydown', (event) => {
      if (!means(event)) return
      event.preventDefault()
      if (!event.repeat) this.#down()
    })
    addEventListener('keyup', (event) => {
      if (!means(event)) return
      event.preventDefault()
      this.#up()
    })
  }
}
