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

/** @import {Answered, CallEventTarget, CallEvents, CallFailure, CallOptions, CallState, ClientEvent, Signaling} from './types.js' */

import { openMicrophone } from './microphone.js'

/** The label that the Realtime API listens to. */
const CHANNEL = 'oai-events'

/** `disconnected` often mends itself, for example when a phone changes from Wi-Fi to mobile data. */
const GRACE_MS = 5_000

/** How long the connection is kept for the upstream to hear of the hang-up first; it would know no call any more. */
const FAREWELL_MS = 5_000

/** From the answer to the first packet. Where UDP is blocked, some browsers never give up by themselves. */
const PATIENCE_MS = 20_000

/** Thrown when the offer was answered, but the connection did not come up or did not hold. */
export class ConnectionError extends Error {
  name = 'ConnectionError'

  /**
   * @param {string} message What happened, and what the person can do about it.
   * @param {'not_connected' | 'connection_lost' | 'ended_upstream'} code
   */
  constructor(message, code) {
    super(message)
    this.code = code
  }
}

export class Call extends /** @type {new () => CallEventTarget} */ (EventTarget) {
  #signaling
  #connection
  #microphone
  /** @type {MediaStream | undefined} what this call opened, and so must stop */
  #opened
  /** @type {MediaStreamTrack | undefined} */
  #track
  #muted = false
  #hasChannel
  /** @type {RTCDataChannel | undefined} */
  #channel
  /** @type {ClientEvent[]} client events that wait for the channel */
  #queue = []
  /** @type {CallState} */
  #state = 'idle'
  #ending = new AbortController()
  /** @type {Answered | undefined} */
  #answered
  /** @type {Promise<void>} */
  #told = Promise.resolve()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {Signaling} signaling Made by `relayed` or `byEphemeralKey`.
   * @param {CallOptions} [options]
   */
  constructor(signaling, { channel = true, microphone = openMicrophone, connection = new RTCPeerConnection() } = {}) {
    super()
    this.#signaling = signaling
    this.#hasChannel = channel
    this.#microphone = microphone
    this.#connection = connection
  }

  /** @returns {CallState} */
  get state() {
    return this.#state
  }

  /** Undefined until the offer is answered. */
  get callId() {
    return this.#answered?.callId
  }

  get muted() {
    return this.#muted
  }

  set muted(muted) {
    this.#muted = muted
    if (this.#track) this.#track.enabled = !muted
  }

  /**
   * Opens the microphone, exchanges offer and answer, and waits until audio can flow. A call connects once.
   *
   * @returns {Promise<void>}
   * @throws The failure that the `state` event also carries, or an `AbortError` when it was hung up meanwhile.
   */
  async connect() {
    if (this.#state !== 'idle') throw new DOMException('A call connects once: make a new one.', 'InvalidStateError')
    this.#become('connecting')
    try {
      const microphone = await this.#takeMicrophone()
      const offer = await this.#makeOffer(microphone)
      await this.#exchange(offer)
      await this.#established()
    } catch (error) {
      this.#end(/** @type {Error} */ (error))
      // What fails because the call was hung up is no failure of its own.
      throw this.#ending.signal.reason
    }
  }

  /**
   * Sends a client event, as soon as the data channel is open.
   *
   * @param {ClientEvent} event
   * @throws {DOMException} `InvalidStateError` where there is no data channel, or no call any more.
   */
  send(event) {
    if (!this.#hasChannel) throw new DOMException('This call is audio only.', 'InvalidStateError')
    if (this.#state === 'closed') throw new DOMException('The call is closed.', 'InvalidStateError')
    if (this.#channel?.readyState === 'open') this.#transmit(event)
    else this.#queue.push(event)
  }

  /**
   * Ends the call: at once on this side, and upstream. Hanging up again is harmless.
   *
   * @returns {Promise<void>} Settles when the upstream knows; rejects with a `SignalingError` if it cannot be told.
   */
  hangUp() {
    this.#end()
    return this.#told
  }

  async #takeMicrophone() {
    if (typeof this.#microphone !== 'function') return this.#microphone
    this.#opened = await this.#microphone()
    return this.#opened
  }

  /** @param {MediaStream} microphone */
  async #makeOffer(microphone) {
    this.#ending.signal.throwIfAborted()
    this.#announce('microphone', microphone)
    this.#track = microphone.getAudioTracks()[0]
    if (!this.#track) throw new TypeError('The microphone’s stream has no audio track.')
    this.#track.enabled = !this.#muted
    this.#connection.addTrack(this.#track, microphone)
    if (this.#hasChannel) this.#openChannel()
    this.#watch()
    const offer = await this.#connection.createOffer()
    await this.#connection.setLocalDescription(offer)
    return offer.sdp ?? ''
  }

  /**
   * The offer goes out without candidates: the upstream's are in its answer, and the checks start on this side.
   *
   * @param {string} offer
   */
  async #exchange(offer) {
    this.#answered = await this.#signaling(offer, this.#ending.signal)
    this.#ending.signal.throwIfAborted()
    this.#announce('answered', { callId: this.#answered.callId })
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: this.#answered.answer })
  }

  /** @returns {Promise<void>} */
  async #established() {
    const { signal } = this.#ending
    signal.throwIfAborted()
    if (this.#state === 'connected') return
    this.#endIn(PATIENCE_MS, notConnected)
    await new Promise((resolve, reject) => {
      this.addEventListener('state', resolve, { once: true })
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  }

  #openChannel() {
    const channel = this.#connection.createDataChannel(CHANNEL)
    this.#channel = channel
    channel.addEventListener('open', () => {
      for (const event of this.#queue.splice(0)) this.#transmit(event)
    })
    channel.addEventListener('message', ({ data }) => {
      if (this.#state !== 'closed') this.#announce('server-event', JSON.parse(data))
    })
    channel.addEventListener('close', () => this.#end(endedUpstream()))
  }

  #watch() {
    const connection = this.#connection
    connection.addEventListener('track', ({ streams, track }) => {
      // Some servers name no stream for their track.
      this.#announce('stream', streams[0] ?? new MediaStream([track]))
    })
    connection.addEventListener('connectionstatechange', () => this.#follow(connection.connectionState))
  }

  /** @param {RTCPeerConnectionState} state */
  #follow(state) {
    if (this.#state === 'closed') return
    if (state === 'connected') this.#become('connected')
    else if (state === 'disconnected') this.#endIn(GRACE_MS, connectionLost)
    else if (state === 'failed') this.#end(this.#state === 'connected' ? connectionLost() : notConnected())
  }

  /**
   * @param {number} delay In milliseconds.
   * @param {() => Error} error
   */
  #endIn(delay, error) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#end(error()), delay)
  }

  /** @param {ClientEvent} event */
  #transmit(event) {
    this.#channel?.send(JSON.stringify(event))
    this.#announce('client-event', event)
  }

  /**
   * Every way out ends here. It may be reached twice: a microphone or an answer that arrives after the call was hung up
   * is given back as well.
   *
   * @param {Error} [error] Why; undefined when somebody hung up.
   */
  #end(error) {
    clearTimeout(this.#timer)
    for (const track of this.#opened?.getTracks() ?? []) track.stop()
    if (!this.#tellUpstream()) this.#connection.close()
    if (this.#state === 'closed') return
    this.#ending.abort(error ?? new DOMException('The call was hung up.', 'AbortError'))
    this.#become('closed', error)
  }

  /** @returns {boolean} Whether somebody is told, and the connection closed thereafter. */
  #tellUpstream() {
    const hangUp = this.#answered?.hangUp
    if (!hangUp || !this.#answered) return false
    this.#answered = { ...this.#answered, hangUp: undefined }
    const close = () => this.#connection.close()
    const patience = setTimeout(close, FAREWELL_MS)
    this.#told = hangUp().finally(() => clearTimeout(patience))
    // Whoever hung up may look at the promise. Otherwise the first failure is the one to tell, and the upstream ends a
    // call whose connection is gone.
    this.#told.then(close, close)
    return true
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

function notConnected() {
  const message = 'The call was accepted, but no audio came through. A firewall that blocks UDP does this: try another network.'
  return new ConnectionError(message, 'not_connected')
}

function connectionLost() {
  return new ConnectionError('The connection was lost. Check the network, then connect again.', 'connection_lost')
}

function endedUpstream() {
  return new ConnectionError('The other side ended the call.', 'ended_upstream')
}
