/** @import {EventError} from '../types.js' */

/** What the upstream says is wrong within a call, which goes on: shown to the person, and thrown by nobody. */
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
