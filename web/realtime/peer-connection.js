/** The peer connection of a call: from the offer until it is connected, and until it is lost. */

/** @import {CallStatistics} from './types.js' */
/** @import {Channel} from './channel.js' */
/** @import {ConnectionError} from './connection-error.js' */
/** @import {Input} from './input.js' */

import { connectionLost, noWebRtc, notConnected, notUnderstood } from './connection-error.js'
import { isHeard, statisticsOf } from './statistics.js'

/** `disconnected` often mends itself, for example when a phone changes from Wi-Fi to mobile data. */
const GRACE_MS = 5_000

/** From the answer to the first packet. Where UDP is blocked, some browsers never give up by themselves. */
const CONNECT_TIMEOUT_MS = 20_000

/** How often the statistics are read until the other side is heard: at first, and where it says nothing for ten seconds. */
const POLL_MS = 100
const SLOW_POLL_MS = 1_000
const POLLS = 100

export class PeerConnection {
  #connection
  #handlers
  #sender
  #receiver
  #answer = ''
  #wasConnected = false
  /** Whether an event has said that the other side speaks, for browsers that do not measure what they receive. */
  #announced = false
  #ended = false
  #polls = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #poll
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {RTCPeerConnection | undefined} connection Undefined: a new one.
   * @param {object} handlers
   * @param {(stream: MediaStream) => void} handlers.received The voice of the other side.
   * @param {() => void} handlers.connected Audio can flow. Called again when a disconnected connection has recovered.
   * @param {() => void} handlers.heard The first audio has arrived.
   * @param {(error: ConnectionError) => void} handlers.failed
   * @throws {ConnectionError} Where the browser has no WebRTC.
   */
  constructor(connection = newConnection(), handlers) {
    this.#connection = connection
    this.#handlers = handlers
    const { sender, receiver } = connection.addTransceiver('audio')
    this.#sender = sender
    this.#receiver = receiver
    connection.addEventListener('track', ({ streams, track }) => {
      // Some servers name no stream for their track.
      if (!this.#ended) handlers.received(streams[0] ?? new MediaStream([track]))
    })
    connection.addEventListener('connectionstatechange', () => this.#follow())
  }

  /**
   * @param {Input} input What the other side is to hear.
   * @param {Channel | undefined} channel
   * @param {() => Promise<unknown>} openMicrophone Settles when the microphone is open.
   * @returns {Promise<string>} In SDP.
   */
  async offer(input, channel, openMicrophone) {
    channel?.open(this.#connection)
    const [offer] = await Promise.all([this.#connection.createOffer(), input.connect(this.#sender), openMicrophone()])
    // Not sooner: before the microphone is allowed, browsers hide most of the network from the connection.
    await this.#connection.setLocalDescription(offer)
    return offer.sdp ?? ''
  }

  /**
   * @param {string} sdp The other side's answer.
   * @throws {ConnectionError} Where the browser cannot read it.
   */
  async accept(sdp) {
    this.#answer = sdp
    try {
      await this.#connection.setRemoteDescription({ type: 'answer', sdp })
    } catch (error) {
      throw notUnderstood(error)
    }
    if (!this.#wasConnected && !this.#ended) this.#failIn(CONNECT_TIMEOUT_MS, () => notConnected(sdp))
  }

  /** An event has told that the other side speaks. */
  announceAudio() {
    this.#announced = true
  }

  /** @returns {Promise<CallStatistics>} */
  async statistics() {
    return statisticsOf(await this.#connection.getStats())
  }

  /** No handler is called any more. What is open stays open until `close`. */
  end() {
    this.#ended = true
    clearTimeout(this.#timer)
    clearTimeout(this.#poll)
  }

  close() {
    this.#connection.close()
  }

  #follow() {
    if (this.#ended) return
    const { connectionState } = this.#connection
    if (connectionState === 'connected') this.#beConnected()
    else if (connectionState === 'disconnected') this.#failIn(GRACE_MS, connectionLost)
    else if (connectionState === 'failed') this.#handlers.failed(this.#wasConnected ? connectionLost() : notConnected(this.#answer))
  }

  #beConnected() {
    clearTimeout(this.#timer)
    const isFirst = !this.#wasConnected
    this.#wasConnected = true
    this.#handlers.connected()
    if (isFirst) this.#listen()
  }

  async #listen() {
    const report = await this.#receiver.getStats()
    if (this.#ended) return
    if (isHeard(report) ?? this.#announced) this.#handlers.heard()
    else this.#poll = setTimeout(() => this.#listen(), this.#polls++ < POLLS ? POLL_MS : SLOW_POLL_MS)
  }

  /**
   * @param {number} delay In milliseconds.
   * @param {() => ConnectionError} error
   */
  #failIn(delay, error) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#handlers.failed(error()), delay)
  }
}

function newConnection() {
  if (!globalThis.RTCPeerConnection) throw noWebRtc()
  return new RTCPeerConnection()
}
