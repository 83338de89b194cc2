/** The ways in which the connection of a call fails. */

/** Thrown when the connection cannot be made, did not come up or did not hold. */
export class ConnectionError extends Error {
  name = 'ConnectionError'

  /**
   * @param {string} message What happened, and what the person can do about it.
   * @param {'no_webrtc' | 'not_understood' | 'not_connected' | 'loopback_refused' | 'connection_lost' | 'ended_upstream' | 'time_limit' | 'not_loaded'} code
   * @param {unknown} [cause]
   */
  constructor(message, code, cause) {
    super(message, { cause })
    this.code = code
  }
}

export function noWebRtc() {
  const message = 'This browser cannot make calls: it has no WebRTC, or it is switched off. Open the page in another browser.'
  return new ConnectionError(message, 'no_webrtc')
}

/** @param {unknown} cause */
export function notUnderstood(cause) {
  return new ConnectionError('This browser and the other side did not agree on how to connect.', 'not_understood', cause)
}

/** @param {string} [answer] What the other side answered, in SDP. */
export function notConnected(answer = '') {
  if (isOfThisMachine(answer)) return loopbackRefused()
  const message = 'The call was accepted, but no audio came through. A firewall that blocks UDP does this: try another network.'
  return new ConnectionError(message, 'not_connected')
}

function loopbackRefused() {
  const message = 'The other side is at 127.0.0.1, which Firefox makes no calls to: open the page in Chrome or Edge.'
  return new ConnectionError(message, 'loopback_refused')
}

/** @param {string} sdp */
function isOfThisMachine(sdp) {
  const addresses = [...sdp.matchAll(/^a=candidate:(?:\S+ ){4}(\S+)/gm)].map(([, address = '']) => address)
  return addresses.length > 0 && addresses.every((address) => /^(127\.|::1$)/.test(address))
}

export function connectionLost() {
  return new ConnectionError('The connection was lost. Check the network, then connect again.', 'connection_lost')
}

export function endedUpstream() {
  return new ConnectionError('The other side ended the call.', 'ended_upstream')
}

/** @param {unknown} cause */
export function notLoaded(cause) {
  const message = 'A part of this page could not be loaded, so the call was ended. Reload the page, then connect again.'
  return new ConnectionError(message, 'not_loaded', cause)
}

/** @param {number} seconds How long the call could last. */
export function timeLimit(seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.round(seconds % 60)]
  const time = [count(minutes, 'minute'), count(rest, 'second')].filter(Boolean).join(' and ')
  return new ConnectionError(`The call reached its time limit of ${time}.`, 'time_limit')
}

/**
 * @param {number} number
 * @param {string} unit
 */
function count(number, unit) {
  return number > 0 ? `${number} ${unit}${number === 1 ? '' : 's'}` : ''
}
