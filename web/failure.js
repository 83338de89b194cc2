/** What went wrong, in the words of whoever refused; what mends it; and what a developer needs to find it in the logs. */

/** @import {CallFailure} from './types.js' */

import { element, make } from './element.js'
import { fixOf } from './fixes.js'

/** @param {CallFailure | undefined} failure Undefined: nothing is wrong (any more). */
export function showFailure(failure) {
  element('error').replaceChildren(...(failure ? [make('p', '', failure.message), make('p', 'fix', fixOf(failure)), facts(failure)] : []))
}

/** @param {CallFailure} failure */
function facts({ code, status, requestId }) {
  // What the browser itself throws has a number for a code, which says nothing.
  return make('p', 'facts', [typeof code === 'string' && code, status && `status ${status}`, requestId && `request ${requestId}`].filter(Boolean).join(' · '))
}
