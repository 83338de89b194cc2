/** How the person's voice gets into the call: open, muted, or only while a button or the space bar is held. */

/** @import {Call} from '../realtime/call.js' */
/** @import {EventRouter} from '../conversation/event-router.js' */
/** @import {Preferences} from '../settings/preferences.js' */
/** @import {Preset, ServerEvent} from '../types.js' */

import { element } from '../element.js'
import { Hold } from './hold.js'

/** The last sound is still on its way when the button is let go: media and events take different roads. */
const TAIL_MS = 250

/** A `mode` event tells that the person talks the other way from now on. */
export class MicrophoneMode extends EventTarget {
  #button = element('talk', HTMLButtonElement)
  #hold = new Hold(this.#button)
  #muteButton = element('mute', HTMLButtonElement)
  #mode = element('talking', HTMLSelectElement)
  /** @type {{call: Call, router: EventRouter | undefined, type: Preset['type']} | undefined} also of a call that was lost */
  #current
  /** @type {unknown} how the upstream takes turns, unless the person says when */
  #turnDetection
  /** Whether the session takes no turns by itself: then somebody has to say when one ends. */
  #manual = false
  #busy = false
  #chosen

  /** @param {Preferences} preferences */
  constructor(preferences) {
    super()
    // It may have been chosen while the page was still loading.
    this.#chosen = preferences.choices.talking === 'push' ? 'push' : this.#mode.value
    this.#mode.addEventListener('change', () => {
      this.#chosen = this.#mode.value
      preferences.keep({ talking: this.#chosen })
      this.#changeMode()
    })
    this.#muteButton.addEventListener('click', () => this.#mute(!this.#current?.call.muted))
    this.#hold.addEventListener('press', () => this.#begin())
    this.#hold.addEventListener('release', () => this.#finish())
    this.show(false)
  }

  /** Whether a button is held to talk. */
  get pushes() {
    return this.#manual || this.#chosen === 'push'
  }

  /**
   * @param {Call} call As muted as the person wants it.
   * @param {EventRouter | undefined} router Undefined in a locked call, which hears silence in place of events.
   * @param {Preset} preset
   */
  begin(call, router, { type }) {
    this.#current = { call, router, type }
    if (this.pushes) this.#mute(true)
  }

  /** @param {ServerEvent} event */
  follow({ type, session }) {
    if (type !== 'session.created') return
    const input = /** @type {{turn_detection?: unknown}} */ (session?.audio?.input ?? {})
    this.#manual = input.turn_detection === null
    this.#turnDetection = input.turn_detection ?? { type: 'server_vad' }
    if (this.#manual) this.#changeMode()
    else if (this.pushes) this.#detectTurns(null)
  }

  /** @param {boolean} busy Whether there is a call, or soon will be one again. */
  show(busy) {
    this.#busy = busy
    this.#button.hidden = this.#current?.call.state !== 'connected' || !this.pushes
    this.#muteButton.disabled = !busy || this.pushes
    this.#muteButton.ariaPressed = String(!this.pushes && this.#current?.call.muted === true)
    this.#hold.armed = busy && this.pushes
    this.#mode.value = this.pushes ? 'push' : 'open'
    this.#mode.disabled = this.#manual
  }

  /** The call is over, for now: nobody listens. */
  rest() {
    this.#hold.release()
  }

  /** The call is over, and the next one is another. */
  end() {
    this.rest()
    this.#current = undefined
    this.#manual = false
  }

  /** @param {boolean} muted */
  #mute(muted) {
    if (this.#current) this.#current.call.muted = muted
    this.show(this.#busy)
  }

  #changeMode() {
    this.#hold.release()
    this.#mute(this.pushes)
    if (this.#current?.call.state === 'connected' && !this.#manual) this.#detectTurns(this.pushes ? null : this.#turnDetection)
    this.dispatchEvent(new Event('mode'))
  }

  /** @param {unknown} turnDetection Null: the client says when a turn ends. */
  #detectTurns(turnDetection) {
    const { router, type } = this.#current ?? {}
    router?.send({ type: 'session.update', session: { type, audio: { input: { turn_detection: turnDetection } } } })
  }

  #begin() {
    this.#current?.router?.interrupt()
    this.#current?.router?.send({ type: 'input_audio_buffer.clear' })
    this.#mute(false)
  }

  #finish() {
    const current = this.#current
    this.#mute(true)
    setTimeout(() => {
      if (current !== this.#current || this.#hold.held) return
      current?.router?.send({ type: 'input_audio_buffer.commit' })
      if (current?.type === 'realtime') current.router?.request()
    }, TAIL_MS)
  }
}
