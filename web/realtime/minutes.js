/** The person's own minutes, where the server limits them. */

/** @import {Usage, UsageOptions} from './types.js' */

import { jsonOf, send } from './request.js'
import { unusable } from './signaling-error.js'

/**
 * The person's own minutes of today, as the server tells them.
 *
 * @param {UsageOptions} [options]
 * @returns {Promise<Usage>}
 * @throws {SignalingError} When the server does not tell. Where `signal` is aborted, its reason.
 */
export async function usage({ url = '/usage', bearer, fetch = globalThis.fetch, signal } = {}) {
  const response = await send(fetch, url, { signal }, bearer)
  const told = await jsonOf(response)
  if (told?.limits) return told
  throw unusable(response, 'the minutes of today', 'invalid_answer')
}
