/** One call of a conversation, and the session in it: its events are read, its voices listened to, and its state told. */

/**
 * @import {AgentState, CallEvents, CallFailure, ClientEvent, ConversationOptions, ReadEvent, ServerEvent,
 *   SessionEvents, SessionHandlers} from '../types.js'
 */
/** @import {Call} from '../call.js' */
/** @import {Latency} from './latency.js' */
/** @import {MicrophoneState} from './microphone-state.js' */
/** @import {Transcript} from './transcript.js' */
/** @import {Usage} from './usage.js' */

import { ClientEventError } from '../client-event-error.js'
import { microphonePermission } from '../microphone.js'
import { Agent } from './agent.js'
import { SessionReader } from './session-reader.js'
import { Voices } from './voices.js'

/** When the button is let go, the last sound is still on its way: media arrives later than events. */
const COMMIT_DELAY_MS = 250

export class Session {
  #agent = new Agent()
  #voices = new Voices()
  #reader
  #options
  #microphone
  #handlers
  /** Whether the browser asks the person for the microphone. */
  #asking = false
  #wasConnected = false
  /** @type {ReturnType<typeof setTimeout> | undefined} pending until the last sound has arrived */
  #committing

  /**
   * @param {Call} call
   * @param {ConversationOptions} options
   * @param {{transcript: Transcript, usage: Usage, latency: Latency, microphone: MicrophoneState}} parts Of the conversation.
   * @param {SessionHandlers} handlers
   */
  constructor(call, options, { microphone, ...parts }, handlers) {
    this.call = call
    this.#options = options
    this.#microphone = microphone
    this.#handlers = handlers
    this.#reader = this.#newReader(parts)
    call.muted = microphone.silent
    this.#follow()
  }

  /** Whether the call has been up. */
  get wasConnected() {
    return this.#wasConnected
  }

  get isUp() {
    return this.call.state === 'connected'
  }

  /** Whether the call is up, or soon will be. */
  get isOpen() {
    return this.call.state !== 'closed'
  }

  /** @returns {SessionEvents | undefined} Undefined before it is known which kind of session it is. */
  get events() {
    return this.#reader.events
  }

  /** @returns {AgentState | undefined} Undefined where there is no call, or none any more. */
  get doing() {
    if (this.isUp) return this.#agent.doing === 'listening' && this.#microphone.muted ? 'muted' : this.#agent.doing
    if (this.isOpen) return this.#asking ? 'asking' : 'connecting'
    return undefined
  }

  /**
   * @param {AbortSignal | undefined} signal
   * @returns {Promise<void>}
   */
  connect(signal) {
    const connecting = this.call.connect({ signal })
    this.#lookAtPermission()
    return connecting
  }

  /**
   * @param {ClientEvent} event
   * @returns {boolean} Whether it was sent, or waits for the channel.
   */
  send(event) {
    if (!this.isOpen || this.#options.channel === false) return false
    try {
      this.call.send(event)
      return true
    } catch (error) {
      // The channel is closing: the call is about to end.
      if (error instanceof DOMException && error.name === 'InvalidStateError') return false
      if (!(error instanceof ClientEventError)) throw error
      this.#handlers.changed({ error })
      return false
    }
  }

  /** The person begins to speak, where they push to talk; or goes on, where they had let go just now. */
  press() {
    if (!this.isUp || !this.#microphone.pushes || this.#microphone.pressed) return
    this.#microphone.press(true)
    if (this.#committing) this.#stopCommit()
    else this.events?.press()
    this.followMicrophone()
  }

  /** The person has spoken. Letting go again is harmless. */
  release() {
    if (!this.#microphone.pressed) return
    this.#microphone.press(false)
    this.followMicrophone()
    this.#committing = setTimeout(() => {
      this.#stopCommit()
      this.events?.release()
    }, COMMIT_DELAY_MS)
  }

  #stopCommit() {
    clearTimeout(this.#committing)
    this.#committing = undefined
  }

  /** The person is muted, or pushes to talk, or neither any more. */
  followMicrophone() {
    const { silent } = this.#microphone
    this.call.muted = silent
    this.events?.mute(silent)
    this.#listenWhileMuted()
    this.#handlers.changed()
  }

  #follow() {
    const { call } = this
    const { changed, sent } = this.#handlers
    call.addEventListener('state', ({ detail }) => this.#followState(detail))
    call.addEventListener('answered', ({ detail: { callId } }) => changed({ callId, endsAt: call.endsAt }))
    call.addEventListener('timings', ({ detail: timings }) => changed({ timings }))
    call.addEventListener('microphone', ({ detail: stream }) => this.#hearPerson(stream))
    call.addEventListener('microphone-state', ({ detail }) => this.#followTrack(detail))
    call.addEventListener('stream', ({ detail: stream }) => this.#hearModel(stream))
    call.addEventListener('server-event', ({ detail }) => this.#receive(detail))
    call.addEventListener('client-event', ({ detail }) => {
      this.events?.sent(detail)
      sent(detail)
    })
    call.addEventListener('client-event-refused', ({ detail: { error } }) => changed({ error }))
  }

  /** @param {CallEvents['state']} detail */
  #followState({ state, error }) {
    if (state === 'connected') this.#beUp()
    if (state === 'closed') this.#end(error)
    else this.#handlers.changed()
  }

  #beUp() {
    if (this.#wasConnected) return
    this.#wasConnected = true
    this.#handlers.connected()
  }

  /** @param {CallFailure | undefined} error Why; undefined where somebody hung up. */
  #end(error) {
    this.#stopCommit()
    this.#reader.end(performance.now())
    this.#voices.end()
    this.#microphone.close()
    this.#handlers.closed(error)
  }

  async #lookAtPermission() {
    if (!['undefined', 'function'].includes(typeof this.#options.microphone)) return
    const permission = await microphonePermission()
    const { state, timings } = this.call
    if (state !== 'connecting' || timings.microphone !== undefined || permission === 'granted') return
    this.#asking = true
    this.#handlers.changed()
  }

  /** @param {MediaStream} stream */
  #hearPerson(stream) {
    this.#asking = false
    this.#microphone.open(stream)
    this.followMicrophone()
    this.#listenToVoices()
  }

  /** @param {CallEvents['microphone-state']} change */
  #followTrack(change) {
    const { error: before } = this.#microphone.view
    this.#microphone.change(change)
    if (change.error) this.#handlers.changed({ error: change.error })
    else this.#handlers.resolved(before)
  }

  /** @param {MediaStream} stream */
  #hearModel(stream) {
    this.#handlers.changed({ stream })
    this.#listenToVoices()
  }

  /** Where no event tells who speaks, their voices do. */
  #listenToVoices() {
    const { events } = this
    const { stream, microphone } = this.call
    if (this.#options.channel === false) this.#listen('model', stream, (level, now) => this.#agent.hear(level, now))
    else for (const who of events?.voices ?? []) this.#listen(who, who === 'model' ? stream : microphone, (level, now) => events?.hear(who, level, now))
  }

  /**
   * @param {'person' | 'model'} who
   * @param {MediaStream | undefined} stream
   * @param {(level: number, now: number) => void} heard
   */
  #listen(who, stream, heard) {
    this.#voices.listen(who, stream, (level, now) => {
      heard(level, now)
      this.#handlers.changed()
    })
  }

  #listenWhileMuted() {
    const isWanted = this.#options.noticeMutedSpeech && this.#microphone.muted && this.isOpen
    this.#voices.listenToMuted(isWanted ? this.call.microphone : undefined, (speaksMuted) => {
      this.#microphone.noticeSpeech(speaksMuted)
      this.#handlers.changed()
    })
  }

  /** @param {ServerEvent} event */
  #receive(event) {
    this.#beUp()
    this.#reader.read(/** @type {ReadEvent} */ (/** @type {unknown} */ (event)), performance.now())
    this.#followSession()
    this.#handlers.received(event)
  }

  /** Something of the session is different. */
  #followSession() {
    const { manual } = this.events ?? this.#microphone
    if (manual !== this.#microphone.manual) {
      this.#microphone.follow(manual)
      this.followMicrophone()
    }
    this.#listenToVoices()
    this.#handlers.changed()
  }

  /** @param {{transcript: Transcript, usage: Usage, latency: Latency}} parts */
  #newReader(parts) {
    const { type, tools = {} } = this.#options
    const session = {
      ...parts,
      tools,
      agent: this.#agent,
      send: (/** @type {ClientEvent} */ event) => this.send(event),
      fail: (/** @type {CallFailure} */ error) => this.#handlers.changed({ error }),
      changed: () => this.#followSession(),
      close: (/** @type {CallFailure} */ error) => this.#hangUp(error)
    }
    return new SessionReader(session, type, (events) => {
      events.pushToTalk(this.#microphone.pushes)
      events.mute(this.#microphone.silent)
    })
  }

  /** @param {CallFailure} error Why; it is the one to tell, also where the hang-up fails. */
  #hangUp(error) {
    this.call.hangUp(error).catch(() => {})
  }
}
