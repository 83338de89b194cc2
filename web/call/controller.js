/** The page's one call: placed, followed, ended, and placed again when its connection was lost. */

/** @import {CallFailure, CallState, Config, Settings, Signaling, ControllerParts} from '../types.js' */

import { Call } from '../realtime/call.js'
import { Cost } from '../realtime/cost.js'
import { Meter } from '../realtime/meter.js'
import { byEphemeralKey, relayed } from '../realtime/signaling.js'
import { Composer } from '../conversation/composer.js'
import { Timer } from './timer.js'
import { element } from '../element.js'
import { resolveFailure, showFailure } from '../messages/failure.js'
import { Visualizer } from './visualizer.js'
import { Minutes } from './minutes.js'
import { Phase } from '../realtime/conversation/phase.js'
import { Reconnection } from '../realtime/conversation/reconnection.js'
import { StatisticsPanel } from '../developer/statistics.js'
import { WakeLock } from './wake-lock.js'

/** What is wrong no more when the microphone is heard, is there, or may be used. */
const UNHEARD = ['microphone_interrupted', 'microphone_ended']
const ABSENT = ['no_microphone', 'microphone_failed']
const DENIED = ['microphone_denied', 'microphone_denied_by_system']

const LOST = 'The connection was lost: the model begins anew.'
const AGAIN = 'Connect again: the model begins anew.'

export class CallController {
  #config
  #parts
  #visualizer = new Visualizer()
  #timer = new Timer()
  #minutes = new Minutes()
  #cost = new Cost()
  #statistics = new StatisticsPanel()
  #wakeLock = new WakeLock()
  #composer = new Composer((text) => this.#say(text))
  #reconnection = new Reconnection(() => this.#connect(this.#call?.again()))
  #callAgain = element('call-again', HTMLButtonElement)
  /** @type {Call | undefined} */
  #call
  #phase = new Phase()
  #unheard = false
  /** @type {Settings | undefined} of the call, and of the next if this one is lost */
  #settings
  /** @type {import('../conversation/event-router.js').EventRouter | undefined} */
  #router
  /** @type {{key: string, signaling: Signaling} | undefined} */
  #prepared

  /**
   * @param {Config} config
   * @param {ControllerParts} parts
   */
  constructor(config, parts) {
    this.#config = config
    this.#parts = parts
    parts.devices.addEventListener('change', () => this.#exchangeMicrophone())
    parts.devices.addEventListener('available', () => this.#recover(ABSENT))
    parts.devices.addEventListener('allowed', () => this.#recover(DENIED))
    parts.microphoneMode.addEventListener('mode', () => this.#call?.state === 'connected' && this.#advise())
    this.#timer.addEventListener('warning', () => parts.status.warn(this.#timer.secondsLeft))
    this.#visualizer.addEventListener('levels', () => this.#hear())
    this.#reconnection.addEventListener('tick', () => this.#count())
    this.#callAgain.addEventListener('click', () => this.#reconnection.hurry())
    addEventListener('online', () => (this.#reconnection.waiting ? this.#reconnection.hurry() : this.#recover(['unreachable'])))
  }

  /** Whether there is a call, or soon will be one again. */
  get busy() {
    return this.inCall || this.#reconnection.waiting
  }

  get inCall() {
    return this.#call?.state === 'connecting' || this.#call?.state === 'connected'
  }

  /** Calls. */
  place() {
    this.#settings = this.#parts.form.value
    this.#parts.record.clear(this.#settings.preset)
    this.#timer.clear()
    this.#cost = new Cost()
    this.#statistics.showCost(undefined)
    this.#connect()
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
    if (this.#reconnection.waiting) this.#giveUp()
    await this.#call?.hangUp().catch(showFailure)
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

  #newCall() {
    const settings = /** @type {Settings} */ (this.#settings)
    const microphone = () => this.#parts.devices.open()
    return new Call(this.#signalingFor(settings), { channel: !settings.preset.locked, microphone })
  }

  /** @param {Call} [call] One that goes on where another was lost. */
  #connect(call = this.#newCall()) {
    const { record, microphoneMode } = this.#parts
    const { preset } = /** @type {Settings} */ (this.#settings)
    showFailure(undefined)
    this.#unheard = false
    this.#call = call
    this.#phase = new Phase()
    this.#phase.addEventListener('change', () => this.#showPhase())
    this.#router = preset.locked ? undefined : record.follow(call, this.#phase)
    call.addEventListener('answered', ({ detail }) => record.name(detail.callId))
    microphoneMode.begin(call, this.#router, preset)
    this.#follow(call)
    // A failure arrives with the state `closed`.
    call.connect().catch(() => {})
  }

  /** @param {Call} call */
  #follow(call) {
    const { loudspeaker, status, microphoneMode } = this.#parts
    call.addEventListener('state', ({ detail: { state, error } }) => {
      const wasConnected = document.body.dataset.state === 'connected'
      document.body.dataset.state = state
      if (state === 'connecting') this.#beConnecting()
      if (state === 'connected') this.#beConnected(call)
      if (state === 'closed') this.#beClosed(error, wasConnected)
      this.show()
    })
    call.addEventListener('state', ({ detail: { state } }) => this.#followMinutes(call, state))
    call.addEventListener('microphone', ({ detail }) => {
      if (call.state === 'connecting') status.say('connecting')
      this.#hearPerson(detail)
    })
    call.addEventListener('microphone-state', ({ detail: { error } }) => {
      this.#unheard = error !== undefined
      if (error) showFailure(error)
      else resolveFailure(UNHEARD)
      if (call.state === 'connected') this.#advise()
    })
    call.addEventListener('stream', ({ detail }) => {
      loudspeaker.play(detail)
      this.#visualizer.listen('model', new Meter(detail))
    })
    call.addEventListener('server-event', ({ detail }) => {
      microphoneMode.follow(detail)
      this.#cost.follow(detail)
      if (detail.type === 'response.done') this.#statistics.showCost(this.#cost.dollars)
    })
  }

  /**
   * What a call has not used is given back when the server has hung it up.
   *
   * @param {Call} call
   * @param {CallState} state
   */
  async #followMinutes(call, state) {
    if (state === 'closed') await call.hangUp().catch(() => {})
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

  #beConnecting() {
    const { devices, status } = this.#parts
    status.say(devices.permission === 'granted' ? 'connecting' : 'asking')
    this.#visualizer.draw()
  }

  /** @param {Call} call */
  #beConnected(call) {
    const { preset } = /** @type {Settings} */ (this.#settings)
    delete document.body.dataset.fresh
    this.#reconnection.stop()
    this.#statistics.start(call)
    this.#composer.allowed = !preset.locked && preset.type === 'realtime'
    this.#showPhase()
    this.#advise()
    this.#timer.start(call.endsAt)
  }

  /**
   * @param {CallFailure | undefined} error Why; undefined where somebody hung up.
   * @param {boolean} wasConnected
   */
  #beClosed(error, wasConnected) {
    const { access, loudspeaker, microphoneMode } = this.#parts
    loudspeaker.silence()
    this.#visualizer.rest()
    microphoneMode.rest()
    this.#timer.stop()
    this.#statistics.stop()
    this.#composer.allowed = false
    if (access.allowed && this.#reconnection.helps(error, wasConnected)) return this.#waitToReconnect()
    microphoneMode.end()
    this.#reconnection.stop()
    this.#tellEnd(error, wasConnected)
    this.#visualizer.draw()
  }

  /**
   * @param {CallFailure | undefined} error
   * @param {boolean} wasConnected
   */
  #tellEnd(error, wasConnected) {
    const { access, status } = this.#parts
    if (error?.code === 'time_limit') return status.say('over', `${error.message} ${AGAIN}`)
    if (error?.code === 'ended_upstream' && this.#timer.isOver) return status.say('over')
    status.say(error ? (wasConnected ? 'cut' : 'failed') : access.allowed ? 'ended' : 'expired')
    showFailure(error)
  }

  #waitToReconnect() {
    if (this.#reconnection.attempts === 0) this.#parts.record.interrupt(LOST)
    this.#reconnection.wait()
    const when = this.#reconnection.left === 1 ? 'in a second' : `in ${this.#reconnection.left} seconds`
    this.#parts.status.say('reconnecting', `Calling again ${when}. It will be a new call: the model begins anew.`)
    this.#visualizer.draw()
  }

  #giveUp() {
    this.#parts.microphoneMode.end()
    this.#reconnection.stop()
    this.#parts.status.say('ended')
    this.show()
    this.#visualizer.draw()
  }

  /** What can be pressed now. */
  show() {
    const { access, microphoneMode } = this.#parts
    document.body.toggleAttribute('data-busy', this.busy)
    this.#wakeLock.wanted = this.busy
    element('call-label').textContent = this.inCall ? 'Hang up' : this.busy ? 'Stop' : 'Connect'
    this.#callAgain.hidden = !this.#reconnection.waiting
    access.show(this.busy)
    microphoneMode.show(this.busy)
  }

  #showPhase() {
    if (this.#call?.state !== 'connected') return
    this.#parts.status.follow(this.#phase.name)
    this.#visualizer.draw()
  }

  #advise() {
    const { status, microphoneMode } = this.#parts
    const { locked, type } = /** @type {Settings} */ (this.#settings).preset
    if (this.#unheard) return status.advise('unheard')
    status.advise(microphoneMode.pushes ? 'push' : locked ? 'locked' : type === 'transcription' ? 'transcribing' : 'open')
  }

  #count() {
    this.#callAgain.textContent = `Call now (${this.#reconnection.left})`
  }

  /** A locked call has no events: the voice itself tells who speaks. */
  #hear() {
    if (!this.#router && this.#call?.state === 'connected') this.#phase.hear(this.#visualizer.levels.model, performance.now())
  }

  /** @param {MediaStream} microphone */
  #hearPerson(microphone) {
    this.#visualizer.listen('person', new Meter(microphone))
    this.#parts.devices.refresh()
  }

  /** @param {readonly string[]} codes Of what is not wrong any more. */
  #recover(codes) {
    if (this.#unheard) this.#exchangeMicrophone()
    const { access, status } = this.#parts
    if (resolveFailure(codes) && !this.busy) status.rest(access)
  }

  async #exchangeMicrophone() {
    const { devices } = this.#parts
    const call = this.#call
    if (!this.inCall || !call) return
    try {
      await call.useMicrophone(() => devices.open())
    } catch (error) {
      if (this.inCall) showFailure(/** @type {CallFailure} */ (error))
    }
  }

  /** @param {string} text */
  #say(text) {
    showFailure(undefined)
    return this.#call?.state === 'connected' && this.#router?.say(text) === true
  }
}
