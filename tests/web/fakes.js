/** What stands in for the browser and the network: as little as a call can tell apart from the real ones. */

export const OFFER = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'
export const ANSWER = 'v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'

export class FakeChannel extends EventTarget {
  readyState = 'connecting'
  sent = []

  constructor(label, options) {
    super()
    Object.assign(this, { label, options })
  }

  open() {
    this.readyState = 'open'
    this.dispatchEvent(new Event('open'))
  }

  send(data) {
    if (this.readyState !== 'open') throw new DOMException('The channel is not open.', 'InvalidStateError')
    this.sent.push(JSON.parse(data))
  }

  receive(event) {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }))
  }
}

export class FakePeerConnection extends EventTarget {
  connectionState = 'new'
  steps = []
  channel
  remoteDescription
  sender = {
    track: null,
    replaceTrack: async (track) => {
      this.steps.push('replaceTrack')
      this.sender.track = track
    }
  }
  receiver = { audioLevel: 0.1, getStats: async () => statsOf({ type: 'inbound-rtp', audioLevel: this.receiver.audioLevel }) }
  stats = statsOf()
  /** Known once the offer is answered. */
  sctp = null

  addTransceiver(kind) {
    this.steps.push(`addTransceiver ${kind}`)
    return this
  }

  async getStats() {
    return this.stats
  }

  createDataChannel(label, options) {
    this.steps.push('createDataChannel')
    return (this.channel = new FakeChannel(label, options))
  }

  async createOffer() {
    this.steps.push('createOffer')
    return { type: 'offer', sdp: OFFER }
  }

  async setLocalDescription() {
    this.steps.push('setLocalDescription')
  }

  async setRemoteDescription(description) {
    this.steps.push('setRemoteDescription')
    this.sctp = { maxMessageSize: 1000 }
    this.remoteDescription = description
  }

  close() {
    this.connectionState = 'closed'
  }

  become(state) {
    this.connectionState = state
    this.dispatchEvent(new Event('connectionstatechange'))
  }

  hear(...streams) {
    this.dispatchEvent(Object.assign(new Event('track'), { streams, track: { kind: 'audio' } }))
  }
}

/** An RTCStatsReport. */
export const statsOf = (...stats) => new Map(stats.map((one, id) => [one.id ?? String(id), one]))

export function fakeMicrophone() {
  const members = { kind: 'audio', enabled: true, muted: false, readyState: 'live', stopped: false, stop: () => (track.stopped = true) }
  const become = (type, changed) => Object.assign(track, changed).dispatchEvent(new Event(type))
  const track = Object.assign(new EventTarget(), members, {
    take: () => become('mute', { muted: true }),
    giveBack: () => become('unmute', { muted: false }),
    end: () => become('ended', { readyState: 'ended' })
  })
  return { track, getTracks: () => [track], getAudioTracks: () => [track] }
}

/**
 * A small, honest server: it keeps the requests, and gives one reply after the other.
 *
 * @param {...(Response | Error | Promise<Response>)} replies
 */
export function fakeServer(...replies) {
  const requests = []
  const fetch = async (url, { method = 'GET', headers = {}, body, keepalive } = {}) => {
    requests.push({ url, method, headers, body, ...(keepalive === undefined ? {} : { keepalive }) })
    const reply = await replies.shift()
    if (reply instanceof Error) throw reply
    return reply
  }
  return { requests, fetch }
}

export class FakeStorage {
  getItem = (key) => this.items[key] ?? null
  setItem = (key, value) => (this.items[key] = value)
  removeItem = (key) => delete this.items[key]

  constructor(items = {}) {
    this.items = items
  }
}

/** A promise that is settled from outside. */
export const deferred = () => Promise.withResolvers()

/** A call holds its first events back until whoever has waited for it can listen. */
export const listening = () => new Promise((resolve) => later(resolve))

/** Not the one of a test that has time stand still. */
const later = setTimeout

/** Lets everything that is ready to run, run. */
export const settled = () => new Promise((resolve) => setImmediate(resolve))
