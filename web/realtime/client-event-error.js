/** Thrown when a client event cannot be sent, and others can. */
export class ClientEventError extends Error {
  name = 'ClientEventError'
  code = 'event_too_large'

  /**
   * @param {string} type Of the client event.
   * @param {number} size In bytes of JSON.
   * @param {number} limit What the other side takes at most, in bytes.
   */
  constructor(type, size, limit) {
    super(`The event ${type} has ${size.toLocaleString('en')} bytes; the other side takes ${limit.toLocaleString('en')} at most.`)
    this.size = size
    this.limit = limit
  }
}
