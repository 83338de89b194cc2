/** A conversation as plain text. Pure functions. */

/** @import {Turn} from '../types.js' */

/**
 * @param {readonly Turn[]} turns
 * @returns {string}
 */
export function asText(turns) {
  return turns.map((turn) => `${line(turn)}\n`).join('\n')
}

/** @param {Turn} turn */
function line(turn) {
  if (turn.speaker === 'divider') return `— ${callAt(turn.at)} —`
  if (turn.speaker === 'page') return `(${turn.text})`
  if (turn.speaker === 'function') return `Function: ${calledAs(turn)}${turn.output === undefined ? '' : ` → ${turn.output}`}`
  const who = turn.speaker === 'person' ? 'You' : 'Model'
  return `${who}: ${turn.text || '(not transcribed)'}${turn.state === 'interrupted' ? ' (interrupted)' : ''}`
}

/** @param {import('../types.js').FunctionTurn} turn */
export function calledAs({ name, arguments: args }) {
  return `${name}(${args === '{}' ? '' : args})`
}

/** @param {Date} at When it began. */
export function callAt(at) {
  return `New call at ${at.toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' })}`
}
