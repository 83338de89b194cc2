/** The answer to an offer: the call that it begins, and how that is ended by its id. */

/** @import {Answered, Bearer} from './types.js' */

import { bodyOf, send } from './request.js'
import { SignalingError, unusable } from './signaling-error.js'

/**
 * @param {Response} response
 * @param {Answered['hangUp']} hangUp Ends the call, which exists whether its answer can be used or not.
 */
export async function answerOf(response, hangUp) {
  try {
    return await readAnswer(response)
  } catch (error) {
    // What is wrong with the answer is the one to tell, and it is told at once.
    hangUp?.().catch(() => {})
    throw error
  }
}

/** @param {Response} response */
async function readAnswer(response) {
  const answer = await bodyOf(response)
  if (answer.startsWith('v=')) return answer
  throw unusable(response, 'an SDP answer', 'invalid_answer')
}

/**
 * The call id is the last segment of `Location`.
 *
 * @param {Response} response
 */
export function callIdOf(response) {
  const location = response.headers.get('location')
  return location?.split(/[?#]/, 1)[0]?.split('/').pop() || undefined
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 * @param {Bearer | undefined} bearer
 */
export async function endCall(fetch, url, bearer) {
  try {
    // `keepalive`: sent even while the page goes away.
    await send(fetch, url, { method: 'DELETE', keepalive: true }, bearer)
  } catch (error) {
    if (!(error instanceof SignalingError && knowsNoSuchCall(error))) throw error
  }
}

/**
 * Whether the call is over already. A 404 that names no reason is a gateway's or a static host's, and `not_found` means
 * that there is no such route: then the call goes on, and costs.
 *
 * @param {SignalingError} error
 */
function knowsNoSuchCall({ status, code }) {
  return status === 404 && code !== 'not_found' && code !== 'status_404'
}
