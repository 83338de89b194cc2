/** What went wrong: a sentence, its remedy, and, folded, the details, which the deployer needs. */

/** @import {CallFailure} from '../types.js' */

import { element, make, moveFocus } from '../element.js'
import { messageOf } from './messages.js'

/** @type {CallFailure | undefined} */
let shown

/** @param {CallFailure | undefined} failure Undefined: nothing is wrong (any more). */
export function showFailure(failure) {
  shown = failure
  const target = element('error')
  moveFocus(target)
  target.replaceChildren(...(failure ? words(failure) : []))
  if (failure) target.scrollIntoView({ block: 'nearest' })
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
function words(failure) {
  const [what, fix, deployer] = messageOf(failure)
  const said = failure.message === what ? [] : [make('p', 'said', failure.message)]
  const hint = deployer ? [make('p', 'deployer', `For the person who runs this page: ${deployer}`)] : []
  const details = make('details', '', make('summary', '', 'Details'), ...said, ...hint, make('p', 'facts', facts(failure)))
  details.addEventListener('toggle', () => details.scrollIntoView({ block: 'nearest' }))
  return [make('p', 'what', what), make('p', 'fix', fix), details]
}

/** @param {CallFailure} failure */
function facts({ code, status, requestId }) {
  // What the browser itself throws has a number for a code, which says nothing.
  return [typeof code === 'string' && code, status && `status ${status}`, requestId && `request ${requestId}`].filter(Boolean).join(' · ')
}
