/**
 * A conversation with a model: one call after another, what is said in them, and what can be done.
 *
 * ```js
 * const conversation = new Conversation({ signaling: relayed({ url: '/session' }) })
 * conversation.addEventListener('change', ({ detail: { state, changed } }) => show(state))
 * await conversation.connect()
 * ```
 */

/**
 * @import {CallFailure, ClientEvent, ConnectSignal, ConversationEvents, ConversationOptions, ConversationState, Microphone,
 *   MicrophoneModeName, TypedEventTarget} from '../types.js'
 */

import { Call } from '../call.js'
import { NOTHING } from './can.js'
import { NEW_CALL, changed, initialState } from './conversation-state.js'
import { Latency } from './latency.js'
import { MicrophoneState } from './microphone-state.js'
import { Reconnection } from './reconnection.js'
import { Session } from './session.js'
import { Transcript } from './transcript.js'
import { Usage } from './usage.js'

const LOST = 'The connection was lost: the model remembers nothing of what was said.'

export class Conversation extends /** @type {new () => TypedEventTarget<ConversationEvents>} */ (EventTarget) {
  /** @type {ConversationOptions} */
  #options
  #transcript = new Transcript()
  #usage = new Usage()
  #latency = new Latency()
  #microphone = new MicrophoneState()
  #reconnection = new Reconnection(() => this.#again())
  /** @type {Session | undefined} of the newest call */
  #session
  /** @type {'idle' | 'ended' | 'failed'} what became of the call that is over */
  #outcome = 'idle'
  /** @type {ConversationState} */
  #state

  /** @param {ConversationOptions} [options] Those of `connect` come before them. */
  constructor(options = {}) {
    super()
    this.#options = options
    this.#state = initialState({ turns: this.#transcript.turns, microphone: this.#microphone.view, usage: this.#usage.total })
    this.#reconnection.addEventListener('tick', () => this.#refresh())
  }

  /** @returns {ConversationState} Never changed: each change is another object. */
  get state() {
    return this.#state
  }

  /** @returns {Call | undefined} The newest, for what concerns it alone, such as its statistics. */
  get call() {
    return this.#session?.call
  }

  /** Whether there is a call, or soon will be one again. */
  get busy() {
    return this.#session?.isOpen === true || this.#reconnection.waiting
  }

  /**
   * Calls. What was said in earlier calls stays, above a turn of the speaker `divider`.
   *
   * @param {ConversationOptions & ConnectSignal} [options] Of this call and of those that follow.
   * @returns {Promise<void>} Settles when the call is up.
   * @throws The failure that the state also has; an `AbortError` when it was hung up meanwhile, the signal's reason when that
   *   was aborted.
   * @throws {DOMException} `InvalidStateError` where there is a call, or a lost one waits: hang up first.
   * @throws {TypeError} Where no signaling was given, here or before.
   */
  async connect({ signal, ...options } = {}) {
    if (this.busy) throw new DOMException('There is a call already: hang up first.', 'InvalidStateError')
    this.#options = { ...this.#options, ...options }
    const { signaling, channel = true, microphone } = this.#options
    if (!signaling) throw new TypeError('A conversation needs signaling: relayed(…) or byEphemeralKey(…).')
    signal?.throwIfAborted()
    this.#usage = new Usage()
    this.#latency = new Latency()
    this.#microphone.begin()
    const closeEvent = () => this.#session?.events?.closeEvent
    await this.#place(new Call(signaling, { channel, closeEvent, ...(microphone !== undefined && { microphone }) }), signal)
  }

  /**
   * Ends the call; nobody is called again.
   *
   * @returns {Promise<void>} Settles when the upstream knows that the call is over.
   * @throws {SignalingError} Where it could not be told, which the state's `error` also says. The connection is closed all the same.
   */
  async hangUp() {
    // The call that was lost is over already.
    if (this.#reconnection.waiting) {
      this.#endAs('ended')
      return this.#refresh()
    }
    const { call } = this
    const wasOpen = this.#session?.isOpen
    try {
      await call?.hangUp()
    } catch (error) {
      if (wasOpen && call === this.call) this.#refresh({ error: /** @type {CallFailure} */ (error) })
      throw error
    }
  }

  /** Calls again at once, where a lost call waits for it. */
  reconnect() {
    if (this.#reconnection.waiting) this.#reconnection.callNow()
  }

  /**
   * Says something in writing. What the model is saying is interrupted.
   *
   * @param {string} text
   * @returns {boolean} Whether it was sent: not where the session takes none, the call is about to end, or it is too large, which `error` tells.
   */
  sendText(text) {
    if (!this.#state.can.text) return false
    this.#refresh({ error: undefined })
    const sent = this.#session?.events?.text(text) === true
    this.#refresh()
    return sent
  }

  /**
   * @param {ClientEvent} event Of the session's own API.
   * @returns {boolean} Whether it was sent, or waits for the channel: not where there is no call or no channel, the call is
   *   about to end, or it is too large, which `error` tells.
   */
  send(event) {
    const sent = this.#session?.send(event) === true
    this.#refresh()
    return sent
  }

  /** Lets the person have the word: what the model is saying falls silent. Nothing happens where there is no answer, or `can.interrupt` is false. */
  interrupt() {
    this.#session?.events?.interrupt()
  }

  /**
   * Lets the model hear silence in place of the person, until it is given false.
   *
   * @param {boolean} [muted]
   */
  mute(muted = true) {
    this.#microphone.mute(muted)
    this.#followMicrophone()
  }

  /**
   * How the person talks: with an open microphone, or only between `press` and `release`.
   *
   * @param {MicrophoneModeName} mode
   */
  setMicrophoneMode(mode) {
    this.#microphone.choose(mode)
    this.#session?.events?.pushToTalk(mode === 'push')
    this.#followMicrophone()
  }

  /** The person begins to speak. Nothing happens where they do not push to talk, press already, or no call is up. */
  press() {
    this.#session?.press()
  }

  /** The person has spoken. Nothing happens where they do not press. */
  release() {
    this.#session?.release()
  }

  /**
   * Speaks through another microphone from now on, also in the calls that follow.
   *
   * @param {Microphone} microphone
   * @returns {Promise<void>} Settles when it speaks; at once where there is no call, or a lost one waits.
   * @throws {MicrophoneError} Where it cannot be opened; the one before goes on then.
   */
  async setMicrophone(microphone) {
    const { microphone: before } = this.#options
    const session = this.#session
    this.#options = { ...this.#options, microphone }
    try {
      if (session?.isOpen) await session.call.setMicrophone(microphone)
    } catch (error) {
      // For a call that has ended meanwhile, the next one opens it.
      if (session?.isOpen && this.#options.microphone === microphone) this.#options = { ...this.#options, microphone: before }
      throw error
    }
  }

  /**
   * Decides whether the model may call a tool of an MCP server.
   *
   * @param {string} id Of the turn whose `approval` is `wanted`.
   * @param {boolean} approve
   */
  decide(id, approve) {
    this.#session?.events?.decide(id, approve)
    this.#refresh()
  }

  /** The person has seen the error, or it does not hold any more; a call that failed is forgotten. */
  dismissError() {
    if (this.#outcome === 'failed') this.#outcome = 'idle'
    this.#refresh({ error: undefined })
  }

  /**
   * Forgets what was said in the calls that are over.
   *
   * @throws {DOMException} `InvalidStateError` where there is a call, or a lost one waits.
   */
  clear() {
    if (this.busy) throw new DOMException('A call is up: hang up first.', 'InvalidStateError')
    this.#transcript.clear()
    this.#refresh()
  }

  #again() {
    const call = this.call?.again()
    const { microphone } = this.#options
    // It may have been chosen since the call was lost.
    if (microphone) call?.setMicrophone(microphone)
    // Why it fails arrives with the state.
    if (call) this.#place(call).catch(() => {})
  }

  /**
   * @param {Call} call
   * @param {AbortSignal} [signal]
   */
  #place(call, signal) {
    this.#usage.begin()
    const session = this.#newSession(call)
    this.#session = session
    this.#refresh(NEW_CALL)
    this.#announce('call', call)
    return session.connect(signal)
  }

  /** @param {Call} call */
  #newSession(call) {
    const parts = { transcript: this.#transcript, usage: this.#usage, latency: this.#latency, microphone: this.#microphone }
    return new Session(call, this.#options, parts, {
      changed: (members) => this.#refresh(members),
      resolved: (error) => this.#refresh(error && error === this.#state.error ? { error: undefined } : {}),
      connected: () => this.#beConnected(),
      closed: (error) => this.#close(error),
      received: (event) => this.#announce('server-event', event),
      sent: (event) => {
        this.#refresh()
        this.#announce('client-event', event)
      }
    })
  }

  #beConnected() {
    if (this.#reconnection.attempts === 0) this.#transcript.divide(new Date())
    this.#reconnection.stop()
  }

  /** @param {CallFailure | undefined} error Why; undefined where somebody hung up. */
  #close(error) {
    if (this.#mayReconnect(error)) this.#waitToReconnect()
    else this.#endAs(error ? 'failed' : 'ended')
    this.#refresh({ error: this.#reconnection.waiting ? undefined : error, stream: undefined })
  }

  #waitToReconnect() {
    if (this.#reconnection.attempts === 0) this.#transcript.remark('reconnecting', LOST)
    this.#reconnection.wait()
  }

  /** @param {'ended' | 'failed'} outcome Of the call; the next one is another, whose session may take turns by itself. */
  #endAs(outcome) {
    this.#reconnection.stop()
    this.#microphone.follow(false)
    this.#outcome = outcome
  }

  /** @param {CallFailure | undefined} error */
  #mayReconnect(error) {
    const { reconnect = true } = this.#options
    const wanted = typeof reconnect === 'function' ? reconnect() : reconnect
    return wanted && this.#reconnection.shouldRetry(error, this.#session?.wasConnected === true)
  }

  #followMicrophone() {
    this.#session?.followMicrophone()
    this.#refresh()
  }

  /**
   * The state as everything has it now. Who listens is told what is different, and nothing where nothing is.
   *
   * @param {Partial<ConversationState>} [members] What nobody else knows.
   */
  #refresh(members = {}) {
    const session = this.#session
    const state = {
      ...this.#state,
      call: session?.call.state ?? 'idle',
      busy: this.busy,
      agent: this.#reconnection.waiting ? 'reconnecting' : (session?.doing ?? this.#outcome),
      turns: this.#transcript.turns,
      can: (session?.isUp && session.events?.can) || NOTHING,
      microphone: this.#microphone.view,
      usage: this.#usage.total,
      latencyMs: this.#latency.last,
      reconnection: this.#reconnection.countdown,
      ...members
    }
    const names = changed(this.#state, state)
    if (names.length === 0) return
    this.#state = Object.freeze(state)
    this.#announce('change', { state, changed: names })
  }

  /**
   * @template {keyof ConversationEvents} Name
   * @param {Name} name
   * @param {ConversationEvents[Name]} detail
   */
  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}
