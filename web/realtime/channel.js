/** The data channel of a call: client events go out, server events come in. */

/** @import {ClientEvent, RefusedClientEvent, ServerEvent} from './types.js' */

import { ClientEventError } from './client-event-error.js'

/** The label that the Realtime API listens to. */
const LABEL = 'oai-events'

/** How long a channel that both sides make by themselves may be silent: the upstream greets with `session.created`. */
const SILENCE_MS = 2_000

export class Channel {
  #dcid
  #handlers
  /** @type {RTCPeerConnection | undefined} */
  #connection
  /** @type {RTCDataChannel | undefined} the one that client events go out on */
  #channel
  /** @type {ClientEvent[]} client events that wait until somebody listens */
  #queue = []
  /** @type {ServerEvent[] | undefined} server events that wait until somebody listens; undefined once they do */
  #held = []
  #upstreamListens = false
  #ended = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {number | undefined} dcid The id under which the upstream makes the channel too; undefined where it is told of it.
   * @param {object} handlers
   * @param {(event: ClientEvent) => void} handlers.sent
   * @param {(refused: RefusedClientEvent) => void} handlers.refused One that had waited is too large after all.
   * @param {(event: ServerEvent) => void} handlers.received Not before `release`.
   * @param {() => void} handlers.closed The other side has closed it.
   */
  constructor(dcid, handlers) {
    this.#dcid = dcid
    this.#handlers = handlers
  }

  /** @param {RTCPeerConnection} connection */
  open(connection) {
    this.#connection = connection
    this.#channel = this.#dcid === undefined ? this.#announced(connection) : this.#negotiated(connection, this.#dcid)
  }

  /**
   * Sends a client event, as soon as it is known that the upstream listens.
   *
   * @param {ClientEvent} event
   * @throws {ClientEventError} Where it is larger than the other side takes, as far as that is known.
   */
  send(event) {
    const json = this.#written(event)
    if (this.#upstreamListens) this.#transmit(event, json)
    else this.#queue.push(event)
  }

  /**
   * @param {ClientEvent} event
   * @returns {boolean} Whether it could be sent: nothing waits for the channel any more.
   */
  sendLast(event) {
    if (!this.#upstreamListens || this.#channel?.readyState !== 'open') return false
    this.#transmit(event, this.#written(event))
    return true
  }

  /** Whoever has waited for the call listens now: the first events, which may have come before, are theirs too. */
  release() {
    const held = this.#held ?? []
    this.#held = undefined
    for (const event of held) this.#handlers.received(event)
  }

  /** Nothing more is sent or received, but for `sendLast`. */
  end() {
    clearTimeout(this.#timer)
    this.release()
    this.#ended = true
  }

  /** Nothing is kept of the connection, which is closed. */
  close() {
    this.#connection = this.#channel = undefined
  }

  /** @param {RTCPeerConnection} connection */
  #announced(connection) {
    const channel = this.#make(connection)
    channel.addEventListener('open', () => this.#begin(channel))
    return channel
  }

  /**
   * It is open as soon as the connection is, whether the upstream knows of it or not. Where nothing comes, the upstream
   * took no notice of the id: it gets a channel that it is told of.
   *
   * @param {RTCPeerConnection} connection
   * @param {number} id
   */
  #negotiated(connection, id) {
    const channel = this.#make(connection, { negotiated: true, id })
    const insteadOf = () => (this.#channel = this.#announced(connection))
    channel.addEventListener('open', () => {
      if (!this.#ended) this.#timer = setTimeout(insteadOf, SILENCE_MS)
    })
    return channel
  }

  /**
   * @param {RTCPeerConnection} connection
   * @param {RTCDataChannelInit} [options]
   */
  #make(connection, options) {
    const channel = connection.createDataChannel(LABEL, options)
    channel.addEventListener('message', ({ data }) => {
      this.#begin(channel)
      this.#receive(JSON.parse(data))
    })
    channel.addEventListener('close', () => channel === this.#channel && !this.#ended && this.#handlers.closed())
    return channel
  }

  /** @param {ServerEvent} event */
  #receive(event) {
    if (this.#ended) return
    if (this.#held) this.#held.push(event)
    else this.#handlers.received(event)
  }

  /** @param {RTCDataChannel} channel On which the upstream is known to listen. */
  #begin(channel) {
    if (this.#upstreamListens || this.#ended) return
    clearTimeout(this.#timer)
    this.#upstreamListens = true
    this.#channel = channel
    for (const event of this.#queue.splice(0)) this.#transmitWaiting(event)
  }

  /** @param {ClientEvent} event */
  #transmitWaiting(event) {
    try {
      this.#transmit(event, this.#written(event))
    } catch (error) {
      if (!(error instanceof ClientEventError)) throw error
      this.#handlers.refused({ event, error })
    }
  }

  /**
   * @param {ClientEvent} event
   * @param {string} json
   */
  #transmit(event, json) {
    this.#channel?.send(json)
    this.#handlers.sent(event)
  }

  /**
   * The limit is in the other side's answer (RFC 8841, section 6): before it, and in browsers that do not tell, any
   * event will do.
   *
   * @param {ClientEvent} event
   */
  #written(event) {
    const json = JSON.stringify(event)
    const limit = this.#connection?.sctp?.maxMessageSize ?? Infinity
    const size = new TextEncoder().encode(json).length
    if (size > limit) throw new ClientEventError(event.type, size, limit)
    return json
  }
}
