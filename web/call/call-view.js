/** The call on the page: what goes on, in words and as a picture, and what can be pressed. It shows states, and decides nothing. */

/** @import {Conversation} from '../realtime/conversation/conversation.js' */
/** @import {System} from './system.js' */
/** @import {CallViewParts, ConversationState, Preset} from '../types.js' */

import { element, moveFocus } from '../element.js'
import { showFailure } from '../messages/failure.js'
import { Meter } from '../realtime/meter.js'
import { Status } from './status.js'
import { Timer } from './timer.js'
import { Visualizer } from './visualizer.js'
import { isMuted, isOver, wordsOf } from './words.js'

/** How long a notice is shown. */
const NOTICE_MS = 15_000

export class CallView {
  #conversation
  #parts
  #status = new Status()
  #visualizer = new Visualizer()
  #timer = new Timer()
  /** @type {System | undefined} from the first call on */
  #system
  /** @type {Promise<System | undefined> | undefined} */
  #loading
  #callAgain = element('call-again', HTMLButtonElement)
  #shortcuts = element('shortcuts', HTMLInputElement)
  /** @type {Preset | undefined} of the call */
  #preset
  /** @type {MediaStream | undefined} whose level is shown */
  #person
  #notice = { text: '', until: 0 }

  /**
   * @param {Conversation} conversation
   * @param {CallViewParts} parts
   */
  constructor(conversation, parts) {
    this.#conversation = conversation
    this.#parts = parts
    this.#callAgain.addEventListener('click', () => conversation.reconnect())
    this.#shortcuts.addEventListener('change', () => this.show())
    this.#timer.addEventListener('warning', () => this.notice(leftInWords(this.#timer.secondsLeft)))
    conversation.addEventListener('change', ({ detail: { state, changed } }) => {
      if (changed.includes('call')) this.#followCall(state)
      if (changed.includes('stream')) this.#hearModel(state)
      if (changed.includes('microphone')) this.#hearPerson(state)
      if (changed.includes('error')) showFailure(isOver(state) ? undefined : state.error)
      // The turns change many times a second, and nothing here depends on them.
      if (changed.some((name) => name !== 'turns' && name !== 'usage')) this.show()
    })
  }

  /** @param {Preset} preset Of the call that begins. */
  async begin(preset) {
    this.#preset = preset
    this.#notice.until = 0
    this.#timer.clear()
    const system = this.#system ?? (await this.#loadSystem())
    const elsewhere = await system?.callsElsewhere()
    this.#system = system // not before: then this tab is in a call, too
    this.show()
    if (elsewhere) this.notice('Another tab of this page is in a call, too: the two can hear each other.')
  }

  /** @param {string} text What is to be known in this call, for a while. */
  notice(text) {
    this.#notice = { text, until: performance.now() + NOTICE_MS }
    this.show()
    setTimeout(() => this.show(), NOTICE_MS)
  }

  /** Everything as it is now. */
  show() {
    const { state, busy } = this.#conversation
    const muted = busy && isMuted(state)
    document.body.dataset.phase = isOver(state) ? 'ended' : state.agent
    document.body.toggleAttribute('data-busy', busy)
    document.body.toggleAttribute('data-muted', muted)
    if (!state.reconnection) moveFocus(this.#callAgain)
    this.#callAgain.hidden = !state.reconnection
    this.#callAgain.textContent = `Call now (${state.reconnection?.secondsLeft})`
    element('call-label').textContent = state.reconnection ? 'Stop' : busy ? 'Hang up' : 'Connect'
    this.#parts.microphone.show(state, busy)
    this.#parts.access.show(busy)
    const [word, advice] = wordsOf(state, this.#context)
    // Whose turn it is can be heard: to say it would disturb the voices.
    this.#status.say(word, advice, state.call !== 'connected' ? word : muted ? 'Muted' : 'Connected')
    this.#status.mark(busy, state.call === 'connected', muted)
    this.#system?.show(busy, muted, this.#preset?.title)
    this.#visualizer.draw()
  }

  /** @returns {Promise<System | undefined>} Undefined where it cannot be loaded: the call goes on without it. */
  #loadSystem() {
    const { microphone, hangUp } = this.#parts
    this.#loading ??= import('./system.js').then(
      (module) => new module.System({ mute: () => microphone.toggle(), hangUp }),
      () => (this.#loading = undefined)
    )
    return this.#loading
  }

  get #context() {
    const { access } = this.#parts
    const notice = performance.now() < this.#notice.until ? this.#notice.text : ''
    const spaceBar = !matchMedia('(hover: none)').matches && this.#shortcuts.checked
    return { busy: this.#conversation.busy, access: access.state, preset: this.#preset, notice, spaceBar }
  }

  /** @param {ConversationState} state */
  #followCall({ call, endsAt }) {
    document.body.dataset.state = call
    if (call === 'connected') {
      delete document.body.dataset.fresh
      this.#timer.start(endsAt)
    } else if (call === 'closed') {
      this.#timer.stop()
      this.#visualizer.rest()
      this.#parts.loudspeaker.silence()
    }
  }

  /** @param {ConversationState} state */
  #hearModel({ stream }) {
    if (!stream) return
    this.#parts.loudspeaker.play(stream)
    this.#visualizer.listen('model', new Meter(stream))
  }

  /** @param {ConversationState} state */
  #hearPerson({ microphone: { stream } }) {
    if (!stream || stream === this.#person) return
    this.#person = stream
    this.#visualizer.listen('person', new Meter(stream))
    // Once a microphone is open, browsers tell the names of the devices.
    this.#parts.devices.refresh()
    this.#parts.loudspeaker.refresh()
  }
}

/** @param {number} seconds */
function leftInWords(seconds) {
  const time = seconds > 60 ? `${Math.round(seconds / 60)} minutes` : `${seconds} seconds`
  return `${time} are left of this call.`
}
