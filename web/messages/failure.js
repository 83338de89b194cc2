/** What went wrong, in the words of whoever refused; what mends it; and what a developer needs to find it in the logs. */

/** @import {CallFailure} from '../types.js' */

import { element, make } from '../element.js'
import { fixOf } from './fixes.js'

/** @type {CallFailure | undefined} */
let shown

/** @param {CallFailure | undefined} failure Undefined: nothing is wrong (any more). */
export function showFailure(failure) {
  shown = failure
  element('error').replaceChildren(...(failure ? [make('p', '', failure.message), make('p', 'fix', fixOf(failure)), facts(failure)] : []))
}

/**
 * Takes a message away that does not hold any more.
 *
 * @param {readonly string[]} codes Of what is not wrong any more.
 * @returns {boolean} Whether it was shown.
 */
export function resolveFailure(codes) {
  const resolved = codes.includes(shown?.code ?? '')
  if (resolved) showFailure(undefined)
  return resolved
}

/** @param {CallFailure} failure */
function facts({ code, status, requestId }) {
  // What the browser itself throws has a number for a code, which says nothing.
  return make('p', 'facts', [typeof code === 'string' && code, status && `status ${status}`, requestId && `request ${requestId}`].filter(Boolean).join(' · '))
}
