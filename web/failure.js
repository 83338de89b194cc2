/** What went wrong, in the words of whoever refused, with what a developer needs to find it in the logs. */

/** @import {CallFailure} from './types.js' */

import { element } from './element.js'

/** @param {CallFailure | undefined} failure Undefined: nothing is wrong (any more). */
export function showFailure(failure) {
  element('error').replaceChildren(...(failure ? [words(failure), facts(failure)] : []))
}

/** @param {CallFailure} failure */
function words({ message }) {
  const paragraph = document.createElement('p')
  paragraph.textContent = message
  return paragraph
}

/** @param {CallFailure} failure */
function facts({ code, status, requestId }) {
  const paragraph = document.createElement('p')
  paragraph.className = 'facts'
  paragraph.textContent = [code, status && `status ${status}`, requestId && `request ${requestId}`].filter(Boolean).join(' · ')
  return paragraph
}
