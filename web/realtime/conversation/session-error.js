/** Thrown by nobody, shown to the person: what the upstream says is wrong within a call, which goes on. */

/** @import {EventError} from '../types.js' */

export class SessionError extends Error {
  name = 'SessionError'

  /**
   * @param {Partial<EventError>} error As the upstream tells it.
   * @param {string} [requestId] By which the upstream knows it.
   */
  constructor({ message = 'The model could not answer.', code, type }, requestId) {
    super(message)
    this.code = code ?? type
    this.requestId = requestId
  }
}
