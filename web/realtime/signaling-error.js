/** What signaling fails with. */

/** Thrown when the offer was not answered: by our server, by the upstream, or by nobody. */
export class SignalingError extends Error {
  name = 'SignalingError'

  /**
   * @param {string} message What happened, in the words of whoever refused.
   * @param {object} details
   * @param {string} details.code The contract's or the upstream's code; `unreachable` where no answer came.
   * @param {number | undefined} [details.status] The HTTP status; undefined where no answer came.
   * @param {string | undefined} [details.requestId] Names this failure in the server's log.
   * @param {number | undefined} [details.retryAfter] In seconds: when it makes sense to try again.
   * @param {unknown} [details.cause]
   */
  constructor(message, { code, status, requestId, retryAfter, cause }) {
    super(message, { cause })
    this.code = code
    this.status = status
    this.requestId = requestId
    this.retryAfter = retryAfter
  }
}

/**
 * A static host answers any path with its own page and 200.
 *
 * @param {Response} response
 * @param {string} wanted
 * @param {string} code
 */
export function unusable({ status, headers }, wanted, code) {
  return new SignalingError(`The server answered with something that is not ${wanted}.`, {
    code,
    status,
    requestId: headers.get('x-request-id') ?? undefined
  })
}
