/**
 * A call to a Realtime model: microphone, peer connection, data channel. It knows WebRTC and nothing of the page.
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
import { connectionLost, endedUpstream, noWebRtc, notConnected, notUnderstood, timeLimit } from './connection-error.js'
import { Input } from './input.js'
import { openMicrophone } from './microphone.js'
import { isHeard, statisticsOf } from './statistics.js'
import { TimeLimit } from './time-limit.js'

/** `disconnected` often mends itself, for example when a phone changes from Wi-Fi to mobile data. */
const GRACE_MS = 5_000

/** How long the connection is kept for the upstream to hear of the hang-up first; it would know no call any more. */
const FAREWELL_MS = 5_000

/** How long the connection is kept for a last client event to go out. */
const LAST_EVENT_MS = 200

/** From the answer to the first packet. Where UDP is blocked, some browsers never give up by themselves. */
const PATIENCE_MS = 20_000

/** How often it is looked whether the other side is heard already. */
const LISTEN_MS = 100

/** One call: it connects once. What happens in it is told by events, whose names and details are in `CallEvents`. */
export class Call extends /** @type {new () => TypedEventTarget<CallEvents>} */ (EventTarget) {
  #signaling
  /** @type {RTCPeerConnection | undefined} made when it connects: a browser without WebRTC fails then, and says why */
  #connection
  #microphone
  #input = new Input({
    changed: (change) => this.#announce('microphone-state', change),
    reopened: (stream) => this.#ending.signal.aborted || this.#speakBy(stream)
  })
  #hasChannel
  #farewell
  /** @type {Channel | undefined} */
  #channel
  /** @type {ClientEvent[]} client events from before there is a channel */
  #early = []
  /** @type {CallState} */
  #state = 'idle'
  #ending = new AbortController()
  /** @type {Answered | undefined} */
  #answered
  /** @type {TimeLimit | undefined} */
  #limit
  /** @type {Promise<void> | undefined} */
  #told
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  #began = 0
  /** @type {CallTimings} */
  #timings = {}
  /** Whether the upstream has said that it speaks, for browsers that do not tell what they hear. */
  #announced = false
  /** @type {MediaStream | undefined} */
  #speaks
  /** @type {MediaStream | undefined} */
  #heard
  /** @type {CallFailure | undefined} */
  #error
  /** @type {ServerEvent[] | undefined} those from before anybody could listen, until somebody can */
  #held = []

  /**
   * @param {Signaling} signaling Made by `relayed` or `byEphemeralKey`.
   * @param {CallOptions} [options]
   */
  constructor(signaling, { channel = true, microphone = openMicrophone, connection, farewell } = {}) {
    super()
    this.#signaling = signaling
    this.#hasChannel = channel
    this.#microphone = microphone
    this.#connection = connection
    this.#farewell = farewell
  }

  /** @returns {CallState} */
  get state() {
    return this.#state
  }

  /** Undefined until the offer is answered. */
  get callId() {
    return this.#answered?.callId
  }

  /** When the call is hung up, by this browser's clock; undefined until the offer is answered, and where the server sets no limit. */
  get endsAt() {
    return this.#limit?.endsAt
  }

  /** Until `endsAt`. */
  get secondsLeft() {
    return this.#limit?.secondsLeft
  }

  /** @returns {Readonly<CallTimings>} In milliseconds since `connect`; a step that is not reached yet is undefined. */
  get timings() {
    return { ...this.#timings }
  }

  /** What the other side hears; undefined before the microphone is open, and when the call is closed. */
  get microphone() {
    return this.#speaks
  }

  /** The voice of the other side; undefined before it is there, and when the call is closed. */
  get stream() {
    return this.#heard
  }

  /** Why the call is closed; undefined where somebody hung up. */
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
   * @throws The failure that the `state` event also carries, or an `AbortError` when it was hung up meanwhile.
   */
  async connect({ signal } = {}) {
    if (this.#state !== 'idle') throw new DOMException('A call connects once: make a new one.', 'InvalidStateError')
    signal?.throwIfAborted()
    const giveUp = () => this.#end()
    signal?.addEventListener('abort', giveUp)
    try {
      await this.#connect()
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
  }

  async #connect() {
    this.#began = performance.now()
    this.#become('connecting')
    try {
      await this.#exchange(...this.#begin())
      await this.#established()
    } catch (error) {
      this.#end(/** @type {Error} */ (error))
      // What fails because the call was hung up is no failure of its own.
      throw this.#ending.signal.reason
    }
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
    if (!this.#hasChannel) throw new DOMException('This call is audio only.', 'InvalidStateError')
    if (this.#state === 'closed') throw new DOMException('The call is closed.', 'InvalidStateError')
    if (this.#channel) this.#channel.send(event)
    else this.#early.push(event)
  }

  /**
   * Speaks through another microphone from now on, also in the middle of a call. Muted stays muted, and what the call
   * itself had opened is stopped.
   *
   * @param {Microphone} microphone A stream that stays its owner's to stop, or a function that opens one, which the
   *   call then stops.
   * @returns {Promise<void>}
   * @throws {DOMException} `InvalidStateError` where there is no call any more.
   */
  async setMicrophone(microphone) {
    if (this.#state === 'closed') throw new DOMException('The call is closed.', 'InvalidStateError')
    if (this.#state === 'idle') {
      this.#microphone = microphone
      return
    }
    const stream = await this.#input.use(microphone)
    this.#microphone = microphone
    this.#ending.signal.throwIfAborted()
    if (this.#timings.microphone === undefined) this.#reach('microphone')
    this.#speakBy(stream)
  }

  /** @param {MediaStream} stream */
  #speakBy(stream) {
    this.#speaks = stream
    this.#announce('microphone', stream)
  }

  /**
   * The same call once more, for example after its connection was lost: another one by the same signaling, for the same
   * person. What they chose stays: the microphone, and whether it is muted, also where they chose it since this one ended.
   *
   * @returns {Call} Not connected yet.
   */
  again() {
    const farewell = this.#farewell && { farewell: this.#farewell }
    const call = new Call(this.#signaling, { channel: this.#hasChannel, microphone: this.#microphone, ...farewell })
    call.muted = this.muted
    return call
  }

  /**
   * How well the call goes at the moment.
   *
   * @returns {Promise<CallStatistics>}
   */
  async statistics() {
    return statisticsOf((await this.#connection?.getStats()) ?? new Map())
  }

  /**
   * Ends the call: at once on this side, and upstream. Hanging up again is harmless.
   *
   * @param {CallFailure} [error] Why, where it is not a person who hangs up: the call is closed with it.
   * @returns {Promise<void>} Settles when the upstream knows; rejects with a `SignalingError` if it cannot be told.
   */
  async hangUp(error) {
    this.#end(error)
    await this.#told
  }

  /**
   * Starts at once all that does not wait for something else: the microphone, the offer, and what signaling can do
   * ahead. Nothing of it makes a call: the offer goes out only when the microphone is open.
   *
   * @returns {[Promise<string>, (offer: string) => Promise<Answered>]}
   */
  #begin() {
    const { signal } = this.#ending
    signal.throwIfAborted()
    const connection = (this.#connection ??= newConnection())
    const answering = this.#signaling.begin?.(signal) ?? ((/** @type {string} */ offer) => this.#signaling(offer, signal))
    return [this.#makeOffer(connection), answering]
  }

  /** @param {RTCPeerConnection} connection */
  async #makeOffer(connection) {
    const opened = this.#microphone && this.setMicrophone(this.#microphone) // first: it takes the longest
    const { sender, receiver } = connection.addTransceiver('audio')
    if (this.#hasChannel) this.#openChannel(connection)
    this.#watch(connection, receiver)
    const [offer] = await Promise.all([connection.createOffer(), this.#input.connect(sender), opened])
    this.#ending.signal.throwIfAborted()
    // Not sooner: before the microphone is allowed, browsers hide most of the network from the connection.
    await connection.setLocalDescription(offer)
    return offer.sdp ?? ''
  }

  /**
   * The offer goes out without candidates: the upstream's are in its answer, and the checks start on this side.
   *
   * @param {Promise<string>} offer
   * @param {(offer: string) => Promise<Answered>} answering
   */
  async #exchange(offer, answering) {
    this.#answered = await answering(await offer)
    this.#ending.signal.throwIfAborted()
    this.#limitTo(this.#answered.seconds)
    this.#reach('answered')
    this.#announce('answered', { callId: this.#answered.callId })
    await this.#accept(this.#answered.answer)
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

  /** @param {string} sdp */
  async #accept(sdp) {
    try {
      await this.#connection?.setRemoteDescription({ type: 'answer', sdp })
    } catch (error) {
      throw notUnderstood(error)
    }
  }

  /** @returns {Promise<void>} */
  async #established() {
    const { signal } = this.#ending
    signal.throwIfAborted()
    if (this.#state === 'connected') return
    this.#endIn(PATIENCE_MS, () => notConnected(this.#answered?.answer))
    await new Promise((resolve, reject) => {
      this.addEventListener('state', resolve, { once: true })
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  }

  /** @param {RTCPeerConnection} connection */
  #openChannel(connection) {
    this.#channel = new Channel(connection, this.#signaling.dcid, {
      sent: (event) => this.#announce('client-event', event),
      refused: (refused) => this.#announce('client-event-refused', refused),
      received: (event) => this.#receive(event),
      closed: () => this.#end(endedUpstream())
    })
    for (const event of this.#early.splice(0)) this.#channel.send(event)
  }

  /** @param {ServerEvent} event */
  #receive(event) {
    if (this.#state === 'closed') return
    this.#announced ||= event.type === 'output_audio_buffer.started'
    if (this.#held) this.#held.push(event)
    else this.#announce('server-event', event)
  }

  /** Whoever has waited for `connect` listens now: the first event, which may have come before, is theirs too. */
  #release() {
    const held = this.#held ?? []
    this.#held = undefined
    for (const event of held) this.#announce('server-event', event)
  }

  /**
   * @param {RTCPeerConnection} connection
   * @param {RTCRtpReceiver} receiver
   */
  #watch(connection, receiver) {
    connection.addEventListener('track', ({ streams, track }) => {
      // Some servers name no stream for their track.
      this.#heard = streams[0] ?? new MediaStream([track])
      this.#announce('stream', this.#heard)
    })
    connection.addEventListener('connectionstatechange', () => this.#follow(connection.connectionState, receiver))
  }

  /**
   * @param {RTCPeerConnectionState} state
   * @param {RTCRtpReceiver} receiver
   */
  #follow(state, receiver) {
    if (this.#state === 'closed') return
    if (state === 'connected') this.#beConnected(receiver)
    else if (state === 'disconnected') this.#endIn(GRACE_MS, connectionLost)
    else if (state === 'failed') this.#end(this.#state === 'connected' ? connectionLost() : notConnected(this.#answered?.answer))
  }

  /** @param {RTCRtpReceiver} receiver */
  #beConnected(receiver) {
    if (this.#timings.connected === undefined) {
      this.#reach('connected')
      this.#listen(receiver)
      setTimeout(() => this.#release())
    }
    this.#become('connected')
  }

  /** @param {RTCRtpReceiver} receiver */
  async #listen(receiver) {
    const report = await receiver.getStats()
    if (this.#state === 'closed') return
    if (isHeard(report) ?? this.#announced) this.#reach('firstAudio')
    else setTimeout(() => this.#listen(receiver), LISTEN_MS)
  }

  /** @param {keyof CallTimings} step */
  #reach(step) {
    this.#timings[step] = performance.now() - this.#began
    this.#announce('timings', this.timings)
  }

  /**
   * @param {number} delay In milliseconds.
   * @param {() => Error} error
   */
  #endIn(delay, error) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#end(error()), delay)
  }

  /**
   * Every way out ends here. It may be reached twice: an answer that arrives after the call was hung up is ended too.
   *
   * @param {Error} [error] Why; undefined when somebody hung up.
   */
  #end(error) {
    clearTimeout(this.#timer)
    this.#limit?.stop()
    this.#input.release()
    this.#channel?.end()
    this.#tellUpstream()
    if (this.#state === 'closed') return
    const reason = error && this.#limit?.isReached ? timeLimit(this.#limit.seconds) : error
    this.#release()
    this.#error = reason
    this.#speaks = this.#heard = undefined
    this.#ending.abort(reason ?? new DOMException('The call was hung up.', 'AbortError'))
    this.#become('closed', reason)
  }

  /** The connection is closed thereafter, or at once where there is nobody to tell. */
  #tellUpstream() {
    if (this.#told) return
    const close = () => this.#close()
    const hangUp = this.#answered?.hangUp
    if (!hangUp) return this.#sayFarewell()
    const patience = setTimeout(() => this.#sayFarewell(), FAREWELL_MS)
    this.#told = hangUp().finally(() => clearTimeout(patience))
    // Whoever hung up may look at the promise. Otherwise the first failure is the one to tell, and the upstream ends a
    // call whose connection is gone.
    this.#told.then(close, () => this.#sayFarewell())
  }

  /** Nobody has confirmed the end: where the session has an event for it, the upstream is told by that. */
  #sayFarewell() {
    const event = this.#farewell?.()
    if (event && this.#channel?.sendLast(event)) setTimeout(() => this.#close(), LAST_EVENT_MS)
    else this.#close()
  }

  /** Nothing of the connection is kept: whoever keeps the call, for its error or its timings, keeps no audio with it. */
  #close() {
    this.#connection?.close()
    this.#connection = this.#channel = undefined
  }

  /**
   * @param {CallState} state
   * @param {CallFailure} [error]
   */
  #become(state, error) {
    clearTimeout(this.#timer)
    if (state === this.#state) return
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

/**
 * @returns {RTCPeerConnection}
 * @throws {ConnectionError} Where the browser has no WebRTC.
 */
function newConnection() {
  if (!globalThis.RTCPeerConnection) throw noWebRtc()
  return new RTCPeerConnection()
}
