/** Shows the conversation's state on the page, and calls with what was set there. */

/** @import {Config, ControllerParts, ConversationState, Settings, Signaling} from '../types.js' */

import { Meter } from '../realtime/meter.js'
import { byEphemeralKey, relayed } from '../realtime/signaling.js'
import { Composer } from '../conversation/composer.js'
import { TranscriptView } from '../conversation/turns.js'
import { Timer } from './timer.js'
import { element } from '../element.js'
import { EventLog } from '../developer/event-log.js'
import { resolveFailure, showFailure } from '../messages/failure.js'
import { Visualizer } from './visualizer.js'
import { Minutes } from './minutes.js'
import { StatisticsPanel } from '../developer/statistics.js'
import { WakeLock } from './wake-lock.js'

/** What is wrong no more when a microphone is there, or may be used. */
const ABSENT = ['no_microphone', 'microphone_failed']
const DENIED = ['microphone_denied', 'microphone_denied_by_system']

const AGAIN = 'Connect again: the model begins anew.'

export class CallController {
  #config
  #parts
  #conversation
  #visualizer = new Visualizer()
  #timer = new Timer()
  #minutes = new Minutes()
  #statistics = new StatisticsPanel()
  #wakeLock = new WakeLock()
  #composer
  #transcript
  #callAgain = element('call-again', HTMLButtonElement)
  /** @type {Settings | undefined} of the newest call */
  #settings
  /** @type {{key: string, signaling: Signaling} | undefined} */
  #prepared

  /**
   * @param {Config} config
   * @param {ControllerParts} parts
   */
  constructor(config, parts) {
    const { conversation, devices } = parts
    this.#config = config
    this.#parts = parts
    this.#conversation = conversation
    this.#composer = new Composer((text) => conversation.sendText(text))
    this.#transcript = new TranscriptView((id, approve) => conversation.decide(id, approve))
    new EventLog(conversation)
    conversation.addEventListener('change', ({ detail: { state, changed } }) => this.#render(state, new Set(changed)))
    devices.addEventListener('change', () => this.#exchangeMicrophone())
    devices.addEventListener('available', () => this.#recover(ABSENT))
    devices.addEventListener('allowed', () => this.#recover(DENIED))
    this.#timer.addEventListener('warning', () => parts.status.warn(this.#timer.secondsLeft))
    this.#callAgain.addEventListener('click', () => conversation.reconnect())
    addEventListener('online', () => this.#recover(['unreachable']))
  }

  /** Whether there is a call, or soon will be one again. */
  get busy() {
    return this.#conversation.busy
  }

  /** Calls. */
  place() {
    const { preset } = (this.#settings = this.#parts.form.value)
    this.#transcript.expect(preset)
    this.#timer.clear()
    // A failure arrives with the state.
    this.#conversation.connect({ signaling: this.#signalingFor(this.#settings), channel: !preset.locked }).catch(() => {})
  }

  /** Does what can be done before the button is pressed: an ephemeral key, where the microphone is allowed already. */
  async prepare() {
    const { access, devices, form } = this.#parts
    // A key that nobody uses would take an hour of them.
    if (await this.#minutes.limited) return
    if (!this.busy && access.allowed && devices.permission === 'granted') this.#signalingFor(form.value).prepare?.()
  }

  /** @returns {Promise<void>} Settles when the upstream knows that it is over. */
  async hangUp() {
    await this.#conversation.hangUp().catch(showFailure)
  }

  /** Says that the sign-in has ended, which the call outlasts. */
  outlast() {
    this.#parts.status.advise('outlasting')
  }

  /** How many minutes are left, where that is known and there is no call. */
  showMinutes() {
    const { access } = this.#parts
    if (access.allowed && !this.busy) this.#minutes.show(access.fetch)
    else this.#minutes.clear()
  }

  /** What can be pressed now. */
  show() {
    const { state, busy } = this.#conversation
    const inCall = state.call === 'connecting' || state.call === 'connected'
    document.body.toggleAttribute('data-busy', busy)
    this.#wakeLock.wanted = busy
    element('call-label').textContent = inCall ? 'Hang up' : busy ? 'Stop' : 'Connect'
    this.#parts.access.show(busy)
  }

  /**
   * @param {ConversationState} state
   * @param {Set<keyof ConversationState>} changed Only that is written.
   */
  #render(state, changed) {
    if (changed.has('turns')) this.#transcript.show(state.turns)
    if (changed.has('error')) this.#showError(state)
    if (changed.has('can')) this.#composer.allowed = state.can.text
    if (changed.has('usage')) this.#statistics.showCost(state.usage.dollars)
    if (changed.has('stream')) this.#hearModel(state.stream)
    if (changed.has('microphone')) this.#hearPerson(state)
    if (changed.has('call')) this.#renderCall(state)
    if (changed.has('agent')) this.#renderAgent(state)
    if (changed.has('reconnection')) this.#renderReconnection(state)
    if (changed.has('call') || changed.has('reconnection')) this.show()
    const advised = changed.has('call') || changed.has('microphone')
    if (advised && state.call === 'connected') this.#advise(state)
  }

  /** @param {ConversationState} state */
  #renderCall({ call, endsAt }) {
    document.body.dataset.state = call
    this.#followMinutes(call)
    if (call === 'connected') {
      delete document.body.dataset.fresh
      if (this.#conversation.call) this.#statistics.start(this.#conversation.call)
      this.#timer.start(endsAt)
    } else if (call === 'closed') {
      this.#timer.stop()
      this.#statistics.stop()
      this.#visualizer.rest()
    }
  }

  /** @param {ConversationState} state */
  #renderAgent(state) {
    const { access, status } = this.#parts
    switch (state.agent) {
      case 'idle':
        status.rest(access)
        break
      case 'asking':
      case 'connecting':
        status.say(state.agent)
        break
      case 'ended':
      case 'failed':
        this.#tellEnd(state)
        break
      case 'reconnecting':
        break
      default:
        status.follow(state.agent)
    }
    this.#visualizer.draw()
  }

  /** @param {ConversationState} state */
  #tellEnd({ error, timings }) {
    const { access, status } = this.#parts
    if (error?.code === 'time_limit') return status.say('over', `${error.message} ${AGAIN}`)
    if (error?.code === 'ended_upstream' && this.#timer.isOver) return status.say('over')
    const wasConnected = timings.connected !== undefined
    status.say(error ? (wasConnected ? 'cut' : 'failed') : access.allowed ? 'ended' : 'expired')
  }

  /** @param {ConversationState} state */
  #renderReconnection({ reconnection }) {
    this.#callAgain.hidden = reconnection === undefined
    if (!reconnection) return
    const { secondsLeft } = reconnection
    const when = secondsLeft === 1 ? 'in a second' : `in ${secondsLeft} seconds`
    this.#callAgain.textContent = `Call now (${secondsLeft})`
    this.#parts.status.say('reconnecting', `Calling again ${when}. It will be a new call: the model begins anew.`)
  }

  /** @param {ConversationState} state */
  #showError({ error }) {
    const isTold = error?.code === 'time_limit' || (error?.code === 'ended_upstream' && this.#timer.isOver)
    showFailure(isTold ? undefined : error)
    // A mistake in one of the page's functions.
    if (error?.code === 'tool_failed') console.error(error.cause)
  }

  /** @param {ConversationState} state */
  #advise({ microphone }) {
    const { status } = this.#parts
    const { locked, type } = /** @type {Settings} */ (this.#settings).preset
    if (microphone.error) return status.advise('unheard')
    status.advise(microphone.mode === 'push' ? 'push' : locked ? 'locked' : type === 'transcription' ? 'transcribing' : 'open')
  }

  /** @param {MediaStream | undefined} stream */
  #hearModel(stream) {
    if (!stream) return this.#parts.loudspeaker.silence()
    this.#parts.loudspeaker.play(stream)
    this.#visualizer.listen('model', new Meter(stream))
  }

  /** @type {MediaStream | undefined} */
  #heard

  /** @param {ConversationState} state */
  #hearPerson({ microphone: { stream } }) {
    if (stream === this.#heard) return
    this.#heard = stream
    if (!stream) return
    this.#visualizer.listen('person', new Meter(stream))
    this.#parts.devices.refresh()
  }

  /**
   * What a call has not used is given back when the server has hung it up.
   *
   * @param {ConversationState['call']} call
   */
  async #followMinutes(call) {
    if (call === 'closed') await this.#conversation.call?.hangUp().catch(() => {})
    this.showMinutes()
  }

  /** @param {Settings} settings */
  #signalingFor({ interface: chosen, preset: { name: preset, locked }, choices }) {
    const { fetch } = this.#parts.access
    const key = JSON.stringify([chosen, preset, choices])
    if (this.#prepared?.key !== key) {
      const { calls_url: callsUrl } = this.#config
      const server = { preset, choices, fetch, dcid: locked ? undefined : this.#dcid }
      const signaling = chosen === 'token' ? byEphemeralKey({ callsUrl, ...server }) : relayed(server)
      this.#prepared = { key, signaling }
    }
    return this.#prepared.signaling
  }

  /** CloudFormation makes text of every number. */
  get #dcid() {
    return this.#config.dcid === undefined ? undefined : Number(this.#config.dcid)
  }

  /** @param {readonly string[]} codes Of what is not wrong any more. */
  #recover(codes) {
    if (this.#conversation.state.microphone.error) this.#exchangeMicrophone()
    if (resolveFailure(codes) && !this.busy) this.#conversation.dismissError()
  }

  async #exchangeMicrophone() {
    const { devices } = this.#parts
    await this.#conversation.setMicrophone(() => devices.open()).catch((error) => this.busy && showFailure(error))
  }
}
