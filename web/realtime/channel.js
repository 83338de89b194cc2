/** The data channel of a call: client events go out, server events come in. */

/** @import {ClientEvent, ServerEvent} from './types.js' */

/** The label that the Realtime API listens to. */
const LABEL = 'oai-events'

/** How long a channel that both sides make by themselves may be silent: the upstream greets with `session.created`. */
const SILENCE_MS = 2_000

export class Channel {
  #connection
  #handlers
  /** @type {RTCDataChannel} the one that client events go out on */
  #channel
  /** @type {ClientEvent[]} client events that wait until somebody listens */
  #queue = []
  #heard = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {RTCPeerConnection} connection
   * @param {number | undefined} dcid The id under which the upstream makes the channel too; undefined where it is told of it.
   * @param {object} handlers
   * @param {(event: ClientEvent) => void} handlers.sent
   * @param {(event: ServerEvent) => void} handlers.received
   * @param {() => void} handlers.closed The other side has closed it.
   */
  constructor(connection, dcid, handlers) {
    this.#connection = connection
    this.#handlers = handlers
    this.#channel = dcid === undefined ? this.#announced() : this.#negotiated(dcid)
  }

  /** @param {ClientEvent} event */
  send(event) {
    if (this.#heard) this.#transmit(event)
    else this.#queue.push(event)
  }

  /** Nothing more is sent or received. */
  end() {
    clearTimeout(this.#timer)
  }

  #announced() {
    const channel = this.#make()
    channel.addEventListener('open', () => this.#isHeard(channel))
    return channel
  }

  /**
   * It is open as soon as the connection is, whether the upstream knows of it or not. Where nothing comes, the upstream
   * took no notice of the id: it gets a channel that it is told of.
   *
   * @param {number} id
   */
  #negotiated(id) {
    const channel = this.#make({ negotiated: true, id })
    const insteadOf = () => (this.#channel = this.#announced())
    channel.addEventListener('open', () => (this.#timer = setTimeout(insteadOf, SILENCE_MS)))
    return channel
  }

  /** @param {RTCDataChannelInit} [options] */
  #make(options) {
    const channel = this.#connection.createDataChannel(LABEL, options)
    channel.addEventListener('message', ({ data }) => {
      this.#isHeard(channel)
      this.#handlers.received(JSON.parse(data))
    })
    channel.addEventListener('close', () => channel === this.#channel && this.#handlers.closed())
    return channel
  }

  /** @param {RTCDataChannel} channel On which the upstream is known to listen. */
  #isHeard(channel) {
    if (this.#heard) return
    clearTimeout(this.#timer)
    this.#heard = true
    this.#channel = channel
    for (const event of this.#queue.splice(0)) this.#transmit(event)
  }

  /** @param {ClientEvent} event */
  #transmit(event) {
    this.#channel.send(JSON.stringify(event))
    this.#handlers.sent(event)
  }
}
