/** Which events somebody looks for, and the form in which they are saved. Pure functions. */

/** @import {LoggedEvent} from '../types.js' */

/**
 * @param {LoggedEvent} logged
 * @param {string} text Anywhere in the event, in capitals or not.
 * @param {string} direction `sent`, `received`, or empty for both.
 */
export function matches({ direction: its, event }, text, direction) {
  if (direction !== '' && direction !== its) return false
  const wanted = text.trim().toLowerCase()
  return wanted === '' || event.type.includes(wanted) || JSON.stringify(event).toLowerCase().includes(wanted)
}

/**
 * @param {readonly LoggedEvent[]} events
 * @returns {string} One JSON value a line, in the order of time: https://jsonlines.org
 */
export function jsonLines(events) {
  return events.map(({ at, direction, event }) => `${JSON.stringify({ at: at.toISOString(), direction, event })}\n`).join('')
}
