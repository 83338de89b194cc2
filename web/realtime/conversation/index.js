/**
 * The second entry: what is said in the calls, and what can be done in them.
 *
 * @module realtime-serverless/conversation
 */

export { Conversation } from './conversation.js'
export { SessionError } from './session-error.js'
export { ToolError, ToolFailure } from './tools.js'
