/**
 * A conversation with a model: one call after another, what is said in them, and what can be done. It knows no page.
 *
 * ```js
 * const conversation = new Conversation({ signaling: relayed({ url: '/session' }) })
 * conversation.addEventListener('change', ({ detail: { state, changed } }) => show(state))
 * await conversation.connect()
 * ```
 */

/**
 * @import {AgentState, CallEvents, CallFailure, ClientEvent, ConnectSignal, ConversationEvents, ConversationOptions,
 *   ConversationState, Microphone, MicrophoneModeName, MicrophoneView, ReadEvent, ServerEvent,
 *   SessionEvents, TypedEventTarget} from '../types.js'
 */

import { Call } from '../call.js'
import { ClientEventError } from '../client-event-error.js'
import { microphonePermission } from '../microphone.js'
import { Agent } from './agent.js'
import { Latency } from './latency.js'
import { MicrophoneMode } from './microphone-mode.js'
import { Reconnection } from './reconnection.js'
import { SessionReader } from './session-reader.js'
import { Transcript } from './transcript.js'
import { Usage } from './usage.js'
import { Voices } from './voices.js'

/** The last sound is still on its way when the button is let go: media and events take different roads. */
const TAIL_MS = 250

const LOST = 'The connection was lost: the model begins anew.'

const NOTHING = Object.freeze({ text: false, interrupt: false })
const NOT_YET = Object.freeze({})
/** @type {Pick<MicrophoneView, 'stream' | 'state' | 'error' | 'speaksMuted'>} */
const NO_MICROPHONE = { stream: undefined, state: 'live', error: undefined, speaksMuted: false }

export class Conversation extends /** @type {new () => TypedEventTarget<ConversationEvents>} */ (EventTarget) {
  /** @type {ConversationOptions} */
  #options
  #transcript = new Transcript()
  #agent = new Agent()
  #usage = new Usage()
  #latency = new Latency()
  #mode = new MicrophoneMode()
  #reconnection = new Reconnection(() => this.#again())
  /** @type {Call | undefined} */
  #call
  /** @type {SessionReader | undefined} */
  #reader
  #voices = new Voices()
  /** Whether the browser asks the person for the microphone. */
  #asking = false
  #wasConnected = false
  /** @type {'idle' | 'ended' | 'failed'} what became of the call that is over */
  #outcome = 'idle'
  /** @type {ConversationState} */
  #state

  /** @param {ConversationOptions} [options] Those of `connect` come before them. */
  constructor(options = {}) {
    super()
    this.#options = options
    this.#state = Object.freeze({
      call: 'idle',
      callId: undefined,
      agent: 'idle',
      turns: this.#transcript.turns,
      can: NOTHING,
      microphone: this.#view({}),
      stream: undefined,
      usage: this.#usage.total,
      latencyMs: undefined,
      timings: NOT_YET,
      endsAt: undefined,
      reconnection: undefined,
      error: undefined
    })
    this.#reconnection.addEventListener('tick', () => this.#refresh())
  }

  /** @returns {ConversationState} Never changed: each change is another object. */
  get state() {
    return this.#state
  }

  /** @returns {Call | undefined} The newest, for what concerns it alone, such as its statistics. */
  get call() {
    return this.#call
  }

  /** Whether there is a call, or soon will be one again. */
  get busy() {
    return this.#inCall || this.#reconnection.waiting
  }

  /**
   * Calls. What was said in earlier calls stays, above a turn of the speaker `divider`.
   *
   * @param {ConversationOptions & ConnectSignal} [options] Of this call and of those that follow.
   * @returns {Promise<void>}
   * @throws The failure that the state also has, or an `AbortError` when it was hung up meanwhile.
   */
  async connect({ signal, ...options } = {}) {
    if (this.busy) throw new DOMException('There is a call already: hang up first.', 'InvalidStateError')
    this.#options = { ...this.#options, ...options }
    const { signaling, channel = true, microphone } = this.#options
    if (!signaling) throw new TypeError('A conversation needs signaling: relayed(…) or byEphemeralKey(…).')
    this.#usage = new Usage()
    this.#latency = new Latency()
    this.#mode.begin()
    await this.#place(new Call(signaling, { channel, farewell: () => this.#events?.farewell, ...(microphone !== undefined && { microphone }) }), signal)
  }

  /** @returns {Promise<void>} Settles when the upstream knows that the call is over; nobody is called again. */
  async hangUp() {
    if (this.#reconnection.waiting) this.#endAs('ended')
    this.#refresh({ microphone: this.#view({}) })
    await this.#call?.hangUp()
  }

  /** Calls again at once, where a lost call waits for it. */
  reconnect() {
    if (this.#reconnection.waiting) this.#reconnection.hurry()
  }

  /**
   * Says something in writing. What the model is saying is interrupted.
   *
   * @param {string} text
   * @returns {boolean} Whether it was sent: not where the session takes none, or it is too large, which `error` tells.
   */
  sendText(text) {
    if (!this.#state.can.text) return false
    this.#refresh({ error: undefined })
    const sent = this.#events?.text(text) === true
    this.#refresh()
    return sent
  }

  /**
   * @param {ClientEvent} event Of the session's own API.
   * @returns {boolean} Whether it was sent: not where there is no call or no channel, or it is too large, which `error` tells.
   */
  send(event) {
    const sent = this.#send(event)
    this.#refresh()
    return sent
  }

  /** Lets the person have the word: what the model is saying falls silent. */
  interrupt() {
    this.#events?.interrupt()
  }

  /**
   * Lets the model hear silence in place of the person, until it is given false.
   *
   * @param {boolean} [muted]
   */
  mute(muted = true) {
    this.#mode.mute(muted)
    this.#followMode()
  }

  /**
   * How the person talks: with an open microphone, or only between `press` and `release`.
   *
   * @param {MicrophoneModeName} mode
   */
  setMicrophoneMode(mode) {
    this.#mode.choose(mode)
    this.#events?.pushToTalk(mode === 'push')
    this.#followMode()
  }

  /** The person begins to speak, where they push to talk. */
  press() {
    if (this.#call?.state !== 'connected' || !this.#mode.pushes || this.#mode.pressed) return
    this.#mode.press(true)
    this.#events?.press()
    this.#followMode()
  }

  /** The person has spoken. Letting go again is harmless. */
  release() {
    if (!this.#mode.pressed) return
    const call = this.#call
    this.#mode.press(false)
    this.#followMode()
    setTimeout(() => call === this.#call && call?.state === 'connected' && !this.#mode.pressed && this.#events?.release(), TAIL_MS)
  }

  /**
   * Speaks through another microphone from now on.
   *
   * @param {Microphone} microphone
   * @throws {MicrophoneError} Where it cannot be opened; the one before goes on then.
   */
  async setMicrophone(microphone) {
    this.#options = { ...this.#options, microphone }
    if (this.#inCall) await this.#call?.setMicrophone(microphone)
  }

  /**
   * Decides whether the model may call a tool of an MCP server.
   *
   * @param {string} id Of the turn whose `approval` is `wanted`.
   * @param {boolean} approve
   */
  decide(id, approve) {
    this.#events?.decide(id, approve)
    this.#refresh()
  }

  /** The person has seen the error, or it does not hold any more; a call that failed is forgotten. */
  dismissError() {
    if (this.#outcome === 'failed') this.#outcome = 'idle'
    this.#refresh({ error: undefined })
  }

  /** Forgets what was said in the calls that are over. */
  clear() {
    if (this.busy) throw new DOMException('A call is up: hang up first.', 'InvalidStateError')
    this.#transcript.clear()
    this.#refresh()
  }

  get #inCall() {
    return this.#call?.state === 'connecting' || this.#call?.state === 'connected'
  }

  #again() {
    // Why it fails arrives with the state.
    if (this.#call) this.#place(this.#call.again()).catch(() => {})
  }

  /**
   * @param {Call} call
   * @param {AbortSignal} [signal]
   */
  #place(call, signal) {
    this.#call = call
    this.#agent = new Agent()
    this.#usage.begin()
    this.#reader = this.#newReader()
    this.#asking = this.#wasConnected = false
    call.muted = this.#mode.silent
    this.#follow(call)
    this.#refresh({ error: undefined, callId: undefined, endsAt: undefined, timings: NOT_YET })
    this.#announce('call', call)
    const connecting = call.connect({ signal })
    this.#lookAtPermission(call)
    return connecting
  }

  /** @param {Call} call */
  #follow(call) {
    call.addEventListener('state', ({ detail }) => this.#followState(detail))
    call.addEventListener('answered', ({ detail: { callId } }) => this.#refresh({ callId, endsAt: call.endsAt }))
    call.addEventListener('timings', ({ detail: timings }) => this.#refresh({ timings }))
    call.addEventListener('microphone', ({ detail: stream }) => this.#hearPerson(stream))
    call.addEventListener('microphone-state', ({ detail }) => this.#followMicrophone(detail))
    call.addEventListener('stream', ({ detail: stream }) => this.#hearModel(stream))
    call.addEventListener('server-event', ({ detail }) => this.#receive(detail))
    call.addEventListener('client-event', ({ detail }) => {
      this.#events?.sent(detail)
      this.#refresh()
      this.#announce('client-event', detail)
    })
    call.addEventListener('client-event-refused', ({ detail: { error } }) => this.#refresh({ error }))
  }

  /** @param {CallEvents['state']} detail */
  #followState({ state, error }) {
    if (state === 'connected') this.#beUp()
    if (state === 'closed') this.#close(error)
    else this.#refresh()
  }

  #beUp() {
    if (this.#wasConnected) return
    this.#wasConnected = true
    if (this.#reconnection.attempts === 0) this.#transcript.divide(new Date())
    this.#reconnection.stop()
  }

  /** @param {CallFailure | undefined} error Why; undefined where somebody hung up. */
  #close(error) {
    this.#reader?.end(performance.now())
    this.#voices.end()
    this.#mode.press(false)
    if (this.#mayReconnect(error)) this.#waitToReconnect()
    else this.#endAs(error ? 'failed' : 'ended')
    this.#refresh({ error: this.#reconnection.waiting ? undefined : error, stream: undefined, microphone: this.#view(NO_MICROPHONE) })
  }

  #waitToReconnect() {
    if (this.#reconnection.attempts === 0) this.#transcript.remark(LOST)
    this.#reconnection.wait()
  }

  /** @param {'ended' | 'failed'} outcome Of the call; the next one is another, whose session may take turns by itself. */
  #endAs(outcome) {
    this.#reconnection.stop()
    this.#mode.follow(false)
    this.#outcome = outcome
  }

  /** @param {CallFailure | undefined} error */
  #mayReconnect(error) {
    const { reconnect = true } = this.#options
    const wanted = typeof reconnect === 'function' ? reconnect() : reconnect
    return wanted && this.#reconnection.helps(error, this.#wasConnected)
  }

  /** @param {Call} call */
  async #lookAtPermission(call) {
    if (!['undefined', 'function'].includes(typeof this.#options.microphone)) return
    const permission = await microphonePermission()
    if (call.state !== 'connecting' || call.timings.microphone !== undefined || permission === 'granted') return
    this.#asking = true
    this.#refresh()
  }

  /** @param {MediaStream} stream */
  #hearPerson(stream) {
    this.#asking = false
    this.#refresh({ microphone: this.#view({ stream }) })
    this.#followMode()
    this.#listenToVoices()
  }

  /** @param {CallEvents['microphone-state']} detail */
  #followMicrophone({ state, error }) {
    const before = this.#state.microphone.error
    const microphone = this.#view({ state, error })
    if (error) this.#refresh({ microphone, error })
    else this.#refresh({ microphone, ...(before && before === this.#state.error && { error: undefined }) })
  }

  /** @param {MediaStream} stream */
  #hearModel(stream) {
    this.#refresh({ stream })
    this.#listenToVoices()
  }

  /** Nothing but the voices tells who speaks, where there are no events, or none that do. */
  #listenToVoices() {
    const { stream, microphone } = this.#state
    const events = this.#events
    if (this.#options.channel === false) this.#listen('model', stream, (level, now) => this.#agent.hear(level, now))
    else if (events?.byVoice) {
      this.#listen('model', stream, (level, now) => events.hear?.('model', level, now))
      this.#listen('person', microphone.stream, (level, now) => events.hear?.('person', level, now))
    }
  }

  /**
   * @param {'person' | 'model'} who
   * @param {MediaStream | undefined} stream
   * @param {(level: number, now: number) => void} heard
   */
  #listen(who, stream, heard) {
    this.#voices.listen(who, stream, (level, now) => {
      heard(level, now)
      this.#refresh()
    })
  }

  /** @param {ServerEvent} event */
  #receive(event) {
    this.#beUp()
    this.#reader?.read(/** @type {ReadEvent} */ (/** @type {unknown} */ (event)), performance.now())
    this.#followSession()
    this.#announce('server-event', event)
  }

  /** Something of the session is different. */
  #followSession() {
    const { manual } = this.#events ?? this.#mode
    if (manual !== this.#mode.manual) {
      this.#mode.follow(manual)
      this.#followMode()
    }
    this.#listenToVoices()
    this.#refresh()
  }

  /** @returns {SessionEvents | undefined} Of the call, as soon as it is known which kind of session it is. */
  get #events() {
    return this.#reader?.events
  }

  /** @returns {SessionReader} Of a new call. */
  #newReader() {
    const parts = {
      transcript: this.#transcript,
      agent: this.#agent,
      usage: this.#usage,
      latency: this.#latency,
      tools: this.#options.tools ?? {},
      send: (/** @type {ClientEvent} */ event) => this.#send(event),
      fail: (/** @type {CallFailure} */ error) => this.#refresh({ error }),
      changed: () => this.#followSession(),
      close: (/** @type {CallFailure} */ error) => void this.#call?.hangUp(error).catch(() => {})
    }
    return new SessionReader(parts, this.#options.type, (events) => {
      events.pushToTalk(this.#mode.pushes)
      events.mute(this.#mode.silent)
    })
  }

  /** @param {ClientEvent} event */
  #send(event) {
    if (!this.#inCall || this.#options.channel === false) return false
    try {
      this.#call?.send(event)
      return true
    } catch (error) {
      if (!(error instanceof ClientEventError)) throw error
      this.#refresh({ error })
      return false
    }
  }

  #followMode() {
    if (this.#call) this.#call.muted = this.#mode.silent
    this.#events?.mute(this.#mode.silent)
    this.#listenWhileMuted()
    this.#refresh({ microphone: this.#view({}) })
  }

  #listenWhileMuted() {
    const { stream } = this.#state.microphone
    const isWanted = this.#options.noticeMutedSpeech && this.#mode.muted && this.#inCall
    this.#voices.listenToMuted(isWanted ? stream : undefined, (speaksMuted) => {
      this.#refresh({ microphone: this.#view({ speaksMuted }) })
    })
  }

  /**
   * @param {Partial<MicrophoneView>} members That are new.
   * @returns {MicrophoneView}
   */
  #view(members) {
    const { muted, pressed, manual, pushes } = this.#mode
    const before = this.#state?.microphone
    const known = { mode: pushes ? 'push' : 'open', muted, pressed, manual, ...(muted ? {} : { speaksMuted: false }) }
    const view = /** @type {MicrophoneView} */ ({ ...NO_MICROPHONE, ...before, ...known, ...members })
    const names = /** @type {(keyof MicrophoneView)[]} */ (Object.keys(view))
    return before && names.every((name) => Object.is(view[name], before[name])) ? before : Object.freeze(view)
  }

  /** @returns {AgentState} */
  get #doing() {
    if (this.#reconnection.waiting) return 'reconnecting'
    switch (this.#call?.state) {
      case 'connecting':
        return this.#asking ? 'asking' : 'connecting'
      case 'connected':
        return this.#agent.doing === 'listening' && this.#mode.muted ? 'muted' : this.#agent.doing
      default:
        return this.#outcome
    }
  }

  /**
   * The state as everything has it now. Who listens is told what is different, and nothing where nothing is.
   *
   * @param {Partial<ConversationState>} [members] What nobody else knows.
   */
  #refresh(members = {}) {
    const state = {
      ...this.#state,
      call: this.#call?.state ?? 'idle',
      agent: this.#doing,
      turns: this.#transcript.turns,
      can: (this.#call?.state === 'connected' && this.#events?.can) || NOTHING,
      usage: this.#usage.total,
      latencyMs: this.#latency.last,
      reconnection: this.#reconnection.countdown,
      ...members
    }
    const names = /** @type {(keyof ConversationState)[]} */ (Object.keys(state))
    const changed = names.filter((name) => !Object.is(state[name], this.#state[name]))
    if (changed.length === 0) return
    this.#state = Object.freeze(state)
    this.#announce('change', { state, changed })
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
