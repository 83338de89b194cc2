/** The items of a realtime session's conversation: what is said, and what the model calls. */

/** @import {FunctionTurn, Item, ReadEvent} from '../types.js' */
/** @import {Answers} from './answers.js' */
/** @import {Transcript} from './transcript.js' */

/** What has no voice, of a message's content. */
const WRITTEN = new Set(['input_text', 'output_text'])

/** @typedef {{name?: string | undefined, arguments?: string | undefined, delta?: string | undefined, toolCallId?: string | undefined}} Called */

export class Items {
  #transcript
  #answers
  /** @type {Map<string, string>} which turn a tool call id belongs to */
  #toolCalls = new Map()
  /** @type {Map<string, string>} which MCP server a list of tools is of */
  #servers = new Map()
  /** Whether what the person says is written down. */
  transcribed = true

  /**
   * @param {Transcript} transcript
   * @param {Answers} answers
   */
  constructor(transcript, answers) {
    this.#transcript = transcript
    this.#answers = answers
  }

  /**
   * @param {ReadEvent} event
   * @param {string} id Of its item.
   */
  take(event, id) {
    const transcript = this.#transcript
    switch (event.type) {
      case 'input_audio_buffer.committed':
        transcript.speak(id, 'person', event.previous_item_id)
        return this.transcribed || transcript.settle(id, 'final')
      case 'conversation.item.created':
      case 'conversation.item.added':
      case 'conversation.item.done':
      case 'conversation.item.retrieved':
      case 'response.output_item.added':
      case 'response.output_item.done':
        return event.item && this.add(event.item, event.previous_item_id, event.type.endsWith('.done'))
      case 'conversation.item.truncated':
        transcript.settle(id, 'interrupted')
        return this.#answers.cutOff(id, event.audio_end_ms)
      case 'conversation.item.deleted':
        return transcript.remove(id)
      case 'mcp_list_tools.failed':
        return this.#notListed(id)
      case 'response.mcp_call.failed':
        this.called(id, {})
        return transcript.settle(id, 'failed')
      case 'response.mcp_call_arguments.delta':
      case 'response.function_call_arguments.delta':
        return this.called(id, { delta: event.delta })
      case 'response.mcp_call_arguments.done':
      case 'response.function_call_arguments.done':
        return this.called(id, { name: event.name, arguments: event.arguments, toolCallId: event.call_id })
    }
  }

  /**
   * @param {Item} item
   * @param {string | null | undefined} previous The id of the item before it.
   * @param {boolean} done
   */
  add(item, previous, done) {
    const { id = '', type, role } = item
    if (type.startsWith('mcp_')) this.#addMcp(item, id, done)
    else if (type === 'function_call') this.called(id, { name: item.name, arguments: item.arguments, toolCallId: item.call_id })
    else if (type === 'function_call_output') this.#answered(item)
    else if (type === 'message' && role === 'user') this.#heard(item, id, previous)
    else if (type === 'message' && role === 'assistant') this.#said(item, id, previous)
  }

  /**
   * The function call with this id, made if there is none yet.
   *
   * @param {string} id
   * @param {Called} call What is known of it now.
   */
  called(id, { name, arguments: args, delta = '', toolCallId }) {
    const turn = this.#call(id)
    if (toolCallId) this.#toolCalls.set(toolCallId, id)
    // The item is announced with empty arguments, sometimes after the first of them have arrived.
    this.#transcript.change(id, { name: name || turn.name, arguments: (args || turn.arguments) + delta })
  }

  /**
   * Somebody has decided whether the model may call a tool.
   *
   * @param {string | null | undefined} id Of the request.
   * @param {boolean | undefined} approve
   */
  decide(id, approve) {
    const turn = this.#transcript.find(id ?? '')
    if (turn?.speaker !== 'function' || turn.approval !== 'wanted') return
    this.#transcript.change(turn.id, { approval: approve ? 'allowed' : 'refused', state: 'final' })
  }

  /** @param {string} id Of a list of tools that could not be had. */
  #notListed(id) {
    const server = this.#servers.get(id)
    this.#transcript.remark('tools_not_listed', `The tools of ${server ?? 'an MCP server'} could not be listed: the model goes on without them.`, server)
  }

  /**
   * @param {string} id
   * @returns {FunctionTurn}
   */
  #call(id) {
    const known = this.#transcript.find(id)
    if (known?.speaker === 'function') return known
    /** @type {FunctionTurn} */
    const turn = { id, speaker: 'function', name: '', arguments: '', output: undefined, state: 'partial' }
    this.#transcript.insert(turn)
    return turn
  }

  /**
   * @param {Item} item
   * @param {string} id
   * @param {string | null | undefined} previous
   */
  #heard(item, id, previous) {
    this.#transcript.speak(id, 'person', previous)
    this.#write(item, id)
    const pending = item.content?.some(({ type, transcript }) => type === 'input_audio' && typeof transcript !== 'string')
    if (!(pending && this.transcribed)) this.#transcript.settle(id, 'final')
  }

  /**
   * @param {Item} item
   * @param {string} id
   * @param {string | null | undefined} previous
   */
  #said(item, id, previous) {
    this.#transcript.speak(id, 'model', previous)
    this.#write(item, id)
    if (item.status === 'completed') this.#transcript.settle(id, 'final')
    if (item.status === 'incomplete') this.#transcript.settle(id, 'interrupted')
  }

  /**
   * @param {Item} item
   * @param {string} id
   */
  #write({ content = [] }, id) {
    content.forEach(({ transcript, text }, index) => this.#transcript.write(id, transcript ?? text, index))
    if (content.some(({ type }) => WRITTEN.has(type))) this.#transcript.change(id, { written: true })
    this.#answers.measure(id)
  }

  /**
   * What the upstream itself calls. It has no result of the page's to wait for.
   *
   * @param {Item} item
   * @param {string} id
   * @param {boolean} done
   */
  #addMcp(item, id, done) {
    const { server_label: server = 'MCP', name, error } = item
    if (item.type === 'mcp_list_tools') this.#servers.set(id, server)
    if (item.type === 'mcp_approval_response') this.decide(item.approval_request_id, item.approve)
    if (item.type !== 'mcp_call' && item.type !== 'mcp_approval_request') return
    this.called(id, { name: `${server}: ${name}`, arguments: item.arguments })
    if (item.type === 'mcp_approval_request') this.#askApproval(id)
    else if (error) this.#transcript.change(id, { output: error.message ?? 'It failed.', state: 'failed' })
    else if (done) this.#transcript.change(id, { output: item.output ?? '', state: 'final' })
  }

  /** @param {string} id */
  #askApproval(id) {
    if (!this.#call(id).approval) this.#transcript.change(id, { approval: 'wanted' })
  }

  /** @param {Item} item */
  #answered(item) {
    const id = this.#toolCalls.get(item.call_id ?? '')
    if (id) this.#transcript.change(id, { output: item.output ?? '', state: 'final' })
  }
}
