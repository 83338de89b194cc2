/** The ways in which a call fails once its offer has been answered. */

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

export function notConnected() {
  const message = 'The call was accepted, but no audio came through. A firewall that blocks UDP does this: try another network.'
  return new ConnectionError(message, 'not_connected')
}

export function connectionLost() {
  return new ConnectionError('The connection was lost. Check the network, then connect again.', 'connection_lost')
}

export function endedUpstream() {
  return new ConnectionError('The other side ended the call.', 'ended_upstream')
}
