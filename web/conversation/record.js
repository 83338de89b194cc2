/** What is written down of a call: the conversation, and the raw events below it. */

/** @import {Call} from '../realtime/call.js' */
/** @import {Phase} from '../realtime/conversation/phase.js' */
/** @import {Preset, Tool} from '../types.js' */

import { Conversation } from './turns.js'
import { EventRouter } from './event-router.js'
import { element } from '../element.js'
import { EventLog } from '../developer/event-log.js'
import { Transcript } from '../realtime/conversation/transcript.js'

const NOTHING_YET = 'What is said will be written here.'
const LOCKED = 'A locked preset writes nothing down, by design.'

export class CallRecord {
  #conversation = new Conversation()
  #log = new EventLog()
  #transcript = new Transcript()
  #tools

  /** @param {Map<string, Tool>} tools What the model can have the page do. */
  constructor(tools) {
    this.#tools = tools
  }

  /** @param {Preset} preset Of the call that begins. */
  clear({ locked }) {
    this.#transcript = new Transcript()
    this.#log.clear()
    this.#conversation.clear(locked ? LOCKED : NOTHING_YET)
    this.name(undefined)
  }

  /** @param {string} remark What happened between two calls that are one conversation to the person. */
  interrupt(remark) {
    this.#transcript.remark(remark)
    this.#conversation.show(this.#transcript.turns)
  }

  /**
   * @param {Call} call
   * @param {Phase} phase
   */
  follow(call, phase) {
    return new EventRouter(call, {
      phase,
      log: this.#log,
      transcript: this.#transcript,
      conversation: this.#conversation,
      tools: this.#tools
    })
  }

  /** @param {string | undefined} callId By which the upstream knows the call. */
  name(callId) {
    element('call-id').textContent = callId ?? ''
    element('call-line').hidden = callId === undefined
  }
}
