/** The state of a conversation: each change makes another object, in which what did not change is the same. Pure functions. */

/** @import {ConversationState} from '../types.js' */

import { NOTHING } from './can.js'

/** What a call that has just been placed does not have yet. */
export const NEW_CALL = Object.freeze({ callId: undefined, endsAt: undefined, timings: Object.freeze({}), error: undefined })

/**
 * @param {Pick<ConversationState, 'turns' | 'microphone' | 'usage'>} members
 * @returns {ConversationState} Before the first call.
 */
export function initialState(members) {
  const nothing = { latencyMs: undefined, reconnection: undefined, stream: undefined }
  return Object.freeze({ call: 'idle', busy: false, agent: 'idle', can: NOTHING, ...nothing, ...NEW_CALL, ...members })
}

/**
 * @param {ConversationState} before
 * @param {ConversationState} after
 * @returns {(keyof ConversationState)[]} The members that are different.
 */
export function changed(before, after) {
  const names = /** @type {(keyof ConversationState)[]} */ (Object.keys(after))
  return names.filter((name) => !Object.is(after[name], before[name]))
}
