/** What the two sides of a call tell each other on its data channel, and what the page makes of it. */

/** @import {Call} from '../realtime/call.js' */
/** @import {Phase} from '../realtime/conversation/phase.js' */
/** @import {ClientEvent, ServerEvent, Tool} from '../types.js' */
/** @import {Conversation} from './turns.js' */
/** @import {EventLog} from '../developer/event-log.js' */
/** @import {Transcript} from '../realtime/conversation/transcript.js' */

import { showFailure } from '../messages/failure.js'
import { ClientEventError } from '../realtime/client-event-error.js'
import { Responses } from '../realtime/conversation/responses.js'
import { functionCallOutputs } from './tools.js'

/** Two who were quick at the same time: nothing is wrong, and nothing is to be done. */
const HARMLESS = new Set(['response_cancel_not_active', 'conversation_already_has_active_response'])

export class EventRouter {
  #call
  #responses
  #transcript
  #conversation
  #tools

  /**
   * @param {Call} call
   * @param {object} page
   * @param {EventLog} page.log
   * @param {Phase} page.phase
   * @param {Transcript} page.transcript
   * @param {Conversation} page.conversation
   * @param {Map<string, Tool>} page.tools
   */
  constructor(call, { log, phase, transcript, conversation, tools }) {
    this.#call = call
    this.#responses = new Responses((event) => this.send(event))
    this.#transcript = transcript
    this.#conversation = conversation
    this.#tools = tools
    conversation.decided = (id, approve) => this.#decide(id, approve)
    call.addEventListener('client-event', ({ detail: event }) => {
      log.add('sent', event)
      phase.ask(event)
    })
    call.addEventListener('state', ({ detail: { state } }) => state === 'closed' && this.#end())
    call.addEventListener('client-event-refused', ({ detail }) => showFailure(detail.error))
    call.addEventListener('server-event', ({ detail: event }) => {
      log.add('received', event)
      phase.follow(event)
      this.#take(event)
    })
  }

  /**
   * @param {ClientEvent} event Not sent where there is no call any more.
   * @returns {boolean} False where it is too large, which is shown.
   */
  send(event) {
    try {
      if (this.#call.state !== 'closed') this.#call.send(event)
      return true
    } catch (error) {
      if (!(error instanceof ClientEventError)) throw error
      showFailure(error)
      return false
    }
  }

  /** Asks the model to say something. */
  request() {
    this.#responses.request()
  }

  /** Lets the person have the word. */
  interrupt() {
    this.#responses.interrupt()
  }

  /**
   * @param {string} text What the person typed.
   * @returns {boolean} Whether it was sent.
   */
  say(text) {
    this.interrupt()
    const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] }
    const sent = this.send({ type: 'conversation.item.create', item })
    if (sent) this.request()
    return sent
  }

  /**
   * @param {string} id Of the request.
   * @param {boolean} approve
   */
  #decide(id, approve) {
    const item = { type: 'mcp_approval_response', approval_request_id: id, approve }
    if (!this.send({ type: 'conversation.item.create', previous_item_id: id, item })) return
    this.#transcript.decide(id, approve)
    this.#conversation.show(this.#transcript.turns)
    // What is allowed is called first; what is refused the model has to do without.
    if (!approve) this.request()
  }

  #end() {
    this.#transcript.end()
    this.#conversation.show(this.#transcript.turns)
  }

  /** @param {ServerEvent} event */
  #take(event) {
    this.#transcript.add(event)
    this.#conversation.show(this.#transcript.turns)
    this.#responses.follow(event)
    this.#runFunctions(event)
    showErrorOf(event)
  }

  /** @param {ServerEvent} event */
  #runFunctions(event) {
    // The upstream calls a tool of an MCP server itself, and says nothing about it before it is asked to.
    if (event.type === 'conversation.item.done' && event.item?.type === 'mcp_call') this.request()
    const outputs = functionCallOutputs(event, this.#tools)
    if (outputs.length === 0) return
    for (const output of outputs) this.send(output)
    this.request()
  }
}

/** @param {ServerEvent} event */
function showErrorOf({ type, error, event_id: requestId, response }) {
  if (type === 'error' && error && !HARMLESS.has(error.code ?? '')) {
    showFailure({ name: type, message: error.message, code: error.code ?? error.type, requestId })
  }
  const failed = response?.status === 'failed' ? response.status_details?.error : undefined
  if (failed) showFailure({ name: type, message: failed.message ?? 'The model could not answer.', code: failed.code ?? failed.type })
}
