/**
 * A call to a Realtime model: microphone, peer connection, data channel.
 *
 * ```js
 * const call = new Call(relayed({ url: '/session' }))
 * call.addEventListener('stream', ({ detail }) => (audio.srcObject = detail))
 * call.addEventListener('server-event', ({ detail }) => console.log(detail.type))
 * await call.connect()
 * ```
 */

/**
 * @import {Answered, CallEvents, CallFailure, CallOptions, CallState, CallStatistics, CallTimings,
 *   ClientEvent, ConnectSignal, Microphone, ServerEvent, Signaling, TypedEventTarget} from './types.js'
 */

import { Channel } from './channel.js'
import { endedUpstream, timeLimit } from './connection-error.js'
import { HangUp } from './hang-up.js'
import { Input } from './input.js'
import { openMicrophone } from './microphone.js'
import { PeerConnection } from './peer-connection.js'
import { statisticsOf } from './statistics.js'
import { TimeLimit } from './time-limit.js'
import { Timings } from './timings.js'

/** One call: it connects once. What happens in it is told by events, whose names and details are in `CallEvents`. */
export class Call extends /** @type {new () => TypedEventTarget<CallEvents>} */ (EventTarget) {
  #signaling
  /** The browser's own, where the caller brings it. */
  #given
  /** @type {PeerConnection | undefined} made when it connects: a browser without WebRTC fails then, and says why */
  #connection
  #microphone
  #input = new Input({
    changed: (change) => this.#announce('microphone-state', change),
    opened: (stream) => this.#speakBy(stream)
  })
  /** @type {Channel | undefined} undefined where the call is audio only */
  #channel
  /** @type {CallState} */
  #state = 'idle'
  #ending = new AbortController()
  /** @type {Answered | undefined} */
  #answered
  /** @type {TimeLimit | undefined} */
  #limit
  /** @type {Promise<string> | undefined} the other side's answer, once it is asked for */
  #answering
  #closeEvent
  #hangUp
  #timings = new Timings((steps) => this.#announce('timings', steps))
  /** @type {MediaStream | undefined} */
  #voice
  /** @type {CallFailure | undefined} */
  #error

  /**
   * @param {Signaling} signaling Made by `relayed` or `byEphemeralKey`.
   * @param {CallOptions} [options]
   */
  constructor(signaling, { channel = true, microphone = openMicrophone, connection, closeEvent } = {}) {
    super()
    this.#signaling = signaling
    this.#channel = channel ? this.#newChannel() : undefined
    this.#microphone = microphone
    this.#given = connection
    this.#closeEvent = closeEvent
    this.#hangUp = new HangUp(closeEvent, this.#channel, () => this.#close())
  }

  /** @returns {CallState} */
  get state() {
    return this.#state
  }

  /** @returns {string | undefined} Undefined until the offer is answered, and where the browser may not read it. */
  get callId() {
    return this.#answered?.callId
  }

  /** @returns {Date | undefined} When the call is hung up, by this browser's clock; undefined until the offer is answered, and where the server sets no limit. */
  get endsAt() {
    return this.#limit?.endsAt
  }

  /** @returns {number | undefined} Until `endsAt`, never less than 0; undefined where that is. */
  get secondsLeft() {
    return this.#limit?.secondsLeft
  }

  /** @returns {Readonly<CallTimings>} In milliseconds since `connect`; a step that is not reached yet is undefined. */
  get timings() {
    return this.#timings.steps
  }

  /** @returns {MediaStream | undefined} What the other side hears; undefined before the microphone is open, and when the call is closed. */
  get microphone() {
    return this.#input.stream
  }

  /** @returns {MediaStream | undefined} The voice of the other side; undefined before it is there, and when the call is closed. */
  get stream() {
    return this.#voice
  }

  /** @returns {CallFailure | undefined} Why the call is closed; undefined before, and where somebody hung up. */
  get error() {
    return this.#error
  }

  /** Whether the other side hears silence in place of the person. It may be set at any time, also before the call. */
  get muted() {
    return this.#input.muted
  }

  set muted(muted) {
    this.#input.muted = muted
  }

  /**
   * Opens the microphone, exchanges offer and answer, and waits until audio can flow. A call connects once.
   *
   * @param {ConnectSignal} [options]
   * @returns {Promise<void>}
   * @throws The failure that the `state` event also carries; an `AbortError` when it was hung up meanwhile, the signal's
   *   reason when that was aborted; `InvalidStateError` where the call has connected or ended before.
   */
  async connect({ signal } = {}) {
    if (this.#state !== 'idle') throw new DOMException('A call connects once: make a new one.', 'InvalidStateError')
    const giveUp = () => this.#end(undefined, signal?.reason)
    signal?.addEventListener('abort', giveUp)
    if (signal?.aborted) giveUp()
    try {
      await this.#connect()
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
  }

  /** What is under way when the call ends is not waited for; it ends by itself. */
  async #connect() {
    const connected = this.#connected()
    this.#timings.begin()
    this.#become('connecting')
    this.#exchange().catch((error) => this.#end(error))
    await connected
  }

  /** @returns {Promise<void>} Rejects as soon as the call ends, with the reason. */
  #connected() {
    const { signal } = this.#ending
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(signal.reason)
      if (signal.aborted) giveUp()
      signal.addEventListener('abort', giveUp)
      this.addEventListener('state', ({ detail: { state } }) => state === 'connected' && resolve())
    })
  }

  /**
   * Sends a client event, as soon as the data channel is open. What waits for that and proves too large is told by the
   * event `client-event-refused`.
   *
   * @param {ClientEvent} event
   * @throws {ClientEventError} `event_too_large`, with the `limit` in bytes.
   * @throws {DOMException} `InvalidStateError` where there is no data channel, or no call any more.
   */
  send(event) {
    if (!this.#channel) throw new DOMException('This call is audio only.', 'InvalidStateError')
    if (this.#state === 'closed') throw new DOMException('The call is closed.', 'InvalidStateError')
    this.#channel.send(event)
  }

  /**
   * Speaks through another microphone from now on, also in the middle of a call. Before the call it is the one to open.
   * Muted stays muted, and what the call itself had opened is stopped.
   *
   * @param {Microphone} microphone A stream that stays its owner's to stop, or a function that opens one, which the
   *   call then stops.
   * @returns {Promise<void>} Settles when it speaks, or a later one does.
   * @throws {DOMException} `InvalidStateError` where there is no call any more.
   * @throws {MicrophoneError} Where it cannot be opened; the one before goes on then.
   * @throws {unknown} Why the call has ended, where it did so meanwhile.
   */
  async setMicrophone(microphone) {
    if (this.#state === 'closed') throw new DOMException('The call is closed.', 'InvalidStateError')
    if (!this.#connection) {
      this.#microphone = microphone
      return
    }
    await this.#input.use(microphone)
    this.#ending.signal.throwIfAborted()
  }

  /** @param {MediaStream} stream */
  #speakBy(stream) {
    this.#timings.reach('microphone')
    if (!this.#ending.signal.aborted) this.#announce('microphone', stream)
  }

  /**
   * The same call once more, for example after its connection was lost: another one by the same signaling, for the same
   * person. The microphone stays the one that spoke last, and muted if it is, also where it was muted after this one ended.
   *
   * @returns {Call} Not connected yet.
   */
  again() {
    const closeEvent = this.#closeEvent && { closeEvent: this.#closeEvent }
    const call = new Call(this.#signaling, { channel: this.#channel !== undefined, microphone: this.#input.source ?? this.#microphone, ...closeEvent })
    call.muted = this.muted
    return call
  }

  /**
   * How well the call goes at the moment.
   *
   * @returns {Promise<CallStatistics>}
   */
  async statistics() {
    return this.#connection?.statistics() ?? statisticsOf(new Map())
  }

  /**
   * Ends the call: at once on this side, and upstream. Hanging up again is harmless.
   *
   * @param {CallFailure} [error] Why, where it is not a person who hangs up: the call is closed with it.
   * @returns {Promise<void>} Settles when the upstream knows, also of a call whose offer was on its way; rejects with a
   *   `SignalingError` if it cannot be told.
   */
  async hangUp(error) {
    this.#end(error)
    // An offer that is on its way is not called back: the call that comes of it is ended then.
    await this.#answering?.catch(() => {})
    await this.#hangUp.request
  }

  /**
   * Starts at once all that does not wait for something else: the microphone, the offer, and what signaling can do
   * early. Nothing of it makes a call: the offer goes out only when the microphone is open.
   */
  async #exchange() {
    const { signal } = this.#ending
    signal.throwIfAborted()
    const connection = (this.#connection = this.#newConnection())
    const answering = this.#signaling.begin?.(signal) ?? ((/** @type {string} */ offer) => this.#signaling(offer, signal))
    const open = async () => this.#microphone && this.setMicrophone(this.#microphone)
    const offer = await connection.offer(this.#input, this.#channel, open)
    signal.throwIfAborted()
    this.#answering = this.#take(answering(offer))
    await connection.accept(await this.#answering)
  }

  /**
   * The offer goes out without candidates: the upstream's are in its answer, and the checks start on this side.
   *
   * @param {Promise<Answered>} answering
   */
  async #take(answering) {
    const { signal } = this.#ending
    this.#answered = await answering
    // Who has hung up meanwhile waits until the upstream knows.
    if (signal.aborted) this.#hangUp.begin(this.#answered.hangUp)
    signal.throwIfAborted()
    this.#limitTo(this.#answered.seconds)
    this.#timings.reach('answered')
    signal.throwIfAborted()
    this.#announce('answered', { callId: this.#answered.callId })
    signal.throwIfAborted()
    return this.#answered.answer
  }

  /**
   * The call ends by itself at its time: the server does the same, up to a minute later, where the page cannot.
   *
   * @param {number | undefined} seconds Undefined where there is no limit.
   */
  #limitTo(seconds) {
    if (seconds === undefined) return
    this.#limit = new TimeLimit(seconds, {
      ending: () => this.#announce('ending', { secondsLeft: this.secondsLeft ?? 0 }),
      over: () => this.#end(timeLimit(seconds))
    })
  }

  #newConnection() {
    return new PeerConnection(this.#given, {
      received: (stream) => this.#hear(stream),
      connected: () => this.#beConnected(),
      heard: () => this.#timings.reach('firstAudio'),
      failed: (error) => this.#end(error)
    })
  }

  #newChannel() {
    return new Channel(this.#signaling.dcid, {
      sent: (event) => this.#announce('client-event', event),
      refused: (refused) => this.#announce('client-event-refused', refused),
      received: (event) => this.#receive(event),
      closed: () => this.#end(endedUpstream())
    })
  }

  /** @param {ServerEvent} event */
  #receive(event) {
    if (event.type === 'output_audio_buffer.started') this.#connection?.announceAudio()
    this.#announce('server-event', event)
  }

  /** @param {MediaStream} stream */
  #hear(stream) {
    this.#voice = stream
    this.#announce('stream', stream)
  }

  #beConnected() {
    if (this.#state === 'connected') return
    this.#timings.reach('connected')
    // Later: whoever waits for `connect` listens then.
    setTimeout(() => this.#channel?.release())
    this.#become('connected')
  }

  /**
   * Every way out ends here.
   *
   * @param {Error} [error] Why; undefined when somebody hung up.
   * @param {unknown} [given] What `connect` rejects with, where that is not the error.
   */
  #end(error, given = new DOMException('The call was hung up.', 'AbortError')) {
    this.#limit?.stop()
    this.#input.release()
    this.#connection?.end()
    this.#channel?.end()
    this.#hangUp.begin(this.#answered?.hangUp)
    if (this.#state === 'closed') return
    const reason = error && this.#limit?.isReached ? timeLimit(this.#limit.seconds) : error
    this.#error = reason
    this.#voice = undefined
    this.#ending.abort(reason ?? given)
    this.#become('closed', reason)
  }

  /** Nothing of the connection is kept: whoever keeps the call, for its error or its timings, keeps no audio with it. */
  #close() {
    const connection = this.#connection ?? this.#given
    connection?.close()
    this.#channel?.close()
    this.#connection = this.#given = undefined
  }

  /**
   * @param {CallState} state
   * @param {CallFailure} [error]
   */
  #become(state, error) {
    if (state === this.#state || this.#state === 'closed') return
    this.#state = state
    this.#announce('state', { state, error })
  }

  /**
   * @template {keyof CallEvents} Name
   * @param {Name} name
   * @param {CallEvents[Name]} detail
   */
  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}
