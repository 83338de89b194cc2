/** The provider's answer, with which it sends somebody back to the page. */

/**
 * Takes the provider's answer out of the address, so that it is in no history, no bookmark and no log.
 *
 * @param {Location} [location]
 * @param {History} [history]
 * @returns {URLSearchParams | undefined} Undefined where the address has none.
 */
export function takeAnswer(location = globalThis.location, history = globalThis.history) {
  const answer = new URLSearchParams(location.search)
  if (!answer.has('state') || !(answer.has('code') || answer.has('error'))) return undefined
  history.replaceState(null, '', location.pathname)
  return answer
}
