/** The transcript: server events in, turns out. Arithmetic only; it knows neither the page nor the call. */

/** @import {FunctionTurn, Item, ServerEvent, ServerResponse, SpokenTurn, Turn, TurnState} from '../../types.js' */

import { Playback } from './playback.js'

/**
 * What a response's turns become when it ends, by its status, or by the reason of an `incomplete` one.
 *
 * @type {Record<string, TurnState>}
 */
const ENDINGS = {
  completed: 'final',
  cancelled: 'interrupted',
  incomplete: 'interrupted',
  failed: 'failed',
  max_output_tokens: 'limited',
  content_filter: 'filtered'
}

/** @type {Partial<Record<TurnState, string>>} where nothing of the answer came */
const NO_ANSWER = {
  limited: 'The answer was cut off by its limit of length.',
  filtered: 'The answer was stopped by the content filter.'
}

/** Collects the turns of one call, both sides and function calls, in the order of the conversation. */
export class Transcript {
  /** @type {Turn[]} */
  #turns = []
  /** @type {Map<string, string[]>} the text of each turn by content index */
  #parts = new Map()
  /** @type {Map<string, string>} which response a turn belongs to */
  #responses = new Map()
  /** @type {Map<string, string>} which turn a tool call id belongs to */
  #toolCalls = new Map()
  /** @type {Map<string, string>} which MCP server a list of tools is of */
  #servers = new Map()
  #transcribed = true
  #playback = new Playback()
  /** @type {Map<string, number | undefined>} for how many milliseconds each turn that is spoken aloud was heard, if it was cut */
  #cut = new Map()

  /** @returns {readonly Turn[]} */
  get turns() {
    return this.#turns
  }

  /**
   * The call is over: what was being said stays cut short.
   *
   * @param {number} [now] In milliseconds.
   */
  end(now = performance.now()) {
    for (const response of this.#playback.playing) this.#silence(response, now)
    for (const turn of this.#turns) if (turn.state === 'partial') turn.state = 'interrupted'
  }

  /**
   * Somebody has decided whether the model may call a tool.
   *
   * @param {string | null | undefined} id Of the request.
   * @param {boolean | undefined} approve
   */
  decide(id, approve) {
    const turn = this.#turn(id ?? '')
    if (turn?.speaker !== 'function' || turn.approval !== 'wanted') return
    turn.approval = approve ? 'allowed' : 'refused'
    turn.state = 'final'
  }

  /** @param {string} text What the page has to say about what happened. */
  remark(text) {
    this.#insert({ id: `remark_${this.#turns.length}`, speaker: 'page', text, state: 'final' })
  }

  /**
   * Takes one server event, of whatever type. The order of events is not the order of the conversation: the person's
   * words often arrive after the model has begun to answer.
   *
   * @param {ServerEvent} event
   * @param {number} [now] In milliseconds.
   */
  add(event, now = performance.now()) {
    const id = event.item_id ?? event.item?.id ?? ''
    if (event.response_id && id) this.#responses.set(id, event.response_id)
    switch (event.type) {
      case 'session.created':
      case 'session.updated':
        this.#transcribed = Boolean(event.session?.audio?.input?.transcription)
        return
      case 'input_audio_buffer.committed':
        this.#spoken(id, 'person', event.previous_item_id)
        if (!this.#transcribed) this.#settle(id, 'final')
        return
      case 'conversation.item.created':
      case 'conversation.item.added':
      case 'conversation.item.done':
      case 'conversation.item.retrieved':
      case 'response.output_item.added':
      case 'response.output_item.done':
        if (event.item) this.#addItem(event.item, event.previous_item_id, event.type.endsWith('.done'))
        return
      case 'conversation.item.input_audio_transcription.delta':
        this.#append(this.#spoken(id, 'person'), event)
        return
      case 'conversation.item.input_audio_transcription.completed':
        this.#write(this.#spoken(id, 'person'), event.content_index, event.transcript)
        this.#settle(id, 'final')
        return
      case 'conversation.item.input_audio_transcription.failed':
        this.#spoken(id, 'person')
        this.#settle(id, 'failed')
        return
      case 'output_audio_buffer.started':
        this.#playback.begin(event.response_id ?? '', now)
        return
      case 'output_audio_buffer.stopped':
        this.#playback.complete(event.response_id ?? '', this.#length(event.response_id), now)
        return
      case 'output_audio_buffer.cleared':
        if (this.#playback.playing.includes(event.response_id ?? '')) this.#silence(event.response_id ?? '', now)
        return
      case 'response.output_audio_transcript.delta':
        if (!this.#cut.has(id)) this.#cut.set(id, undefined)
        this.#append(this.#spoken(id, 'model'), event)
        return
      case 'response.output_text.delta':
        this.#append(this.#spoken(id, 'model'), event)
        return
      case 'response.output_audio_transcript.done':
      case 'response.output_text.done':
        this.#write(this.#spoken(id, 'model'), event.content_index, event.transcript ?? event.text)
        return
      case 'mcp_list_tools.failed':
        this.remark(`The tools of ${this.#servers.get(id) ?? 'an MCP server'} could not be listed: the model goes on without them.`)
        return
      case 'response.mcp_call.failed':
        this.#called({ id })
        this.#settle(id, 'failed')
        return
      case 'response.mcp_call_arguments.delta':
      case 'response.function_call_arguments.delta':
        this.#called({ id, argumentsDelta: event.delta })
        return
      case 'response.mcp_call_arguments.done':
      case 'response.function_call_arguments.done':
        this.#called({ id, name: event.name, arguments: event.arguments, toolCallId: event.call_id })
        return
      case 'conversation.item.truncated':
        this.#settle(id, 'interrupted')
        this.#cutOff(id, event.audio_end_ms)
        return
      case 'conversation.item.deleted':
        this.#turns = this.#turns.filter((turn) => turn.id !== id)
        return
      case 'response.done':
        this.#endResponse(event.response, now)
    }
  }

  /**
   * @param {Item} item
   * @param {string | null | undefined} previous
   * @param {boolean} done
   */
  #addItem(item, previous, done) {
    const id = item.id ?? ''
    if (item.type.startsWith('mcp_')) this.#addMcp(item, id, done)
    else if (item.type === 'function_call') {
      this.#called({ id, name: item.name, arguments: item.arguments, toolCallId: item.call_id })
    } else if (item.type === 'function_call_output') {
      this.#answered(item)
    } else if (item.type === 'message' && item.role === 'user') {
      this.#heard(item, this.#spoken(id, 'person', previous))
    } else if (item.type === 'message' && item.role === 'assistant') {
      this.#heard(item, this.#spoken(id, 'model', previous))
      if (item.status === 'completed') this.#settle(id, 'final')
      if (item.status === 'incomplete') this.#settle(id, 'interrupted')
    }
  }

  /**
   * @param {Item} item
   * @param {SpokenTurn} turn
   */
  #heard(item, turn) {
    const content = item.content ?? []
    content.forEach((part, index) => this.#write(turn, index, part.transcript ?? part.text))
    const pending = content.some((part) => part.type === 'input_audio' && typeof part.transcript !== 'string')
    if (turn.speaker === 'person' && !(pending && this.#transcribed)) this.#settle(turn.id, 'final')
  }

  /**
   * The turn with this id, made where it belongs if there is none yet.
   *
   * @param {string} id
   * @param {'person' | 'model'} speaker
   * @param {string | null} [previous]
   * @returns {SpokenTurn}
   */
  #spoken(id, speaker, previous) {
    const known = this.#turn(id)
    if (known?.speaker === 'person' || known?.speaker === 'model') return known
    /** @type {SpokenTurn} */
    const turn = { id, speaker, text: '', state: 'partial' }
    this.#insert(turn, previous)
    return turn
  }

  /**
   * @returns {FunctionTurn}
   * @param {{id: string, name?: string | undefined, arguments?: string | undefined, argumentsDelta?: string | undefined, toolCallId?: string | undefined}} call
   */
  #called(call) {
    let turn = this.#turn(call.id)
    if (turn?.speaker !== 'function') {
      turn = { id: call.id, speaker: 'function', name: '', arguments: '', output: undefined, state: 'partial' }
      this.#insert(turn)
    }
    if (call.toolCallId) this.#toolCalls.set(call.toolCallId, call.id)
    if (call.name) turn.name = call.name
    // The item is announced with empty arguments, sometimes after the first of them have arrived.
    if (call.arguments) turn.arguments = call.arguments
    if (call.argumentsDelta) turn.arguments += call.argumentsDelta
    return turn
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
    const turn = this.#called({ id, name: `${server}: ${name}`, arguments: item.arguments })
    if (item.type === 'mcp_approval_request') turn.approval ??= 'wanted'
    else if (error || done) {
      turn.output = error ? (error.message ?? 'It failed.') : (item.output ?? '')
      turn.state = error ? 'failed' : 'final'
    }
  }

  /** @param {Item} item */
  #answered(item) {
    const turn = this.#turn(this.#toolCalls.get(item.call_id ?? ''))
    if (turn?.speaker !== 'function') return
    turn.output = item.output ?? ''
    turn.state = 'final'
  }

  /**
   * @param {ServerResponse | undefined} response
   * @param {number} now
   */
  #endResponse({ id, status = '', status_details: details } = {}, now) {
    const ending = ENDINGS[details?.reason ?? ''] ?? ENDINGS[status]
    if (!ending) return
    const turns = this.#turnsOf(id)
    // A limit says more than that the item has no end, unless somebody has interrupted it as well.
    const limited = ending in NO_ANSWER
    for (const turn of turns) {
      const open = turn.state === 'partial' || (limited && turn.state === 'interrupted' && this.#cut.get(turn.id) === undefined)
      // A function call is over only when its result went back.
      if (open && !(turn.speaker === 'function' && ending === 'final')) turn.state = ending
    }
    const nothing = turns.length === 0 && NO_ANSWER[ending]
    if (nothing) this.remark(nothing)
    // What is played is cleared by an event of its own; what was not played yet never is.
    if (status === 'cancelled' && id && !this.#playback.playing.includes(id)) this.#silence(id, now)
  }

  /**
   * What a response still has to say is not heard any more.
   *
   * @param {string} response
   * @param {number} now
   */
  #silence(response, now) {
    const ms = this.#playback.cut(response, now)
    for (const { id } of this.#turnsOf(response)) {
      if (!this.#cut.has(id) || this.#cut.get(id) !== undefined) continue
      this.#settle(id, 'interrupted')
      this.#cutOff(id, ms)
    }
  }

  /**
   * @param {string} id
   * @param {number | undefined} ms
   */
  #cutOff(id, ms) {
    this.#cut.set(id, ms)
    this.#measure(this.#turn(id))
  }

  /** @param {Turn | undefined} turn */
  #measure(turn) {
    const ms = this.#cut.get(turn?.id ?? '')
    if (turn?.speaker === 'model' && ms !== undefined) turn.heard = this.#playback.heard(turn.text, ms)
  }

  /** @param {string | undefined} response */
  #turnsOf(response) {
    return this.#turns.filter(({ id }) => this.#responses.get(id) === response)
  }

  /** @param {string | undefined} response */
  #length(response) {
    return this.#turnsOf(response).reduce((sum, turn) => sum + (turn.speaker === 'model' ? turn.text.length : 0), 0)
  }

  /** @param {string | undefined} id */
  #turn(id) {
    return this.#turns.find((turn) => turn.id === id)
  }

  /**
   * @param {Turn} turn
   * @param {string | null} [previous] The id of the item before it, where the upstream named one.
   */
  #insert(turn, previous) {
    const before = previous ? this.#turns.findIndex(({ id }) => id === previous) : -1
    this.#turns.splice(before < 0 ? this.#turns.length : before + 1, 0, turn)
  }

  /**
   * @param {SpokenTurn} turn
   * @param {ServerEvent} event
   */
  #append(turn, { content_index: index = 0, delta = '' }) {
    this.#write(turn, index, (this.#parts.get(turn.id)?.[index] ?? '') + delta)
  }

  /**
   * @param {SpokenTurn} turn
   * @param {number | undefined} index
   * @param {string | null | undefined} text Nothing is written where there is none.
   */
  #write(turn, index = 0, text) {
    if (typeof text !== 'string') return
    const parts = this.#parts.get(turn.id) ?? []
    parts[index] = text
    this.#parts.set(turn.id, parts)
    turn.text = parts.join('')
    this.#measure(turn)
  }

  /**
   * What was interrupted stays so: the events around an interruption come in any order.
   *
   * @param {string} id
   * @param {TurnState} state
   */
  #settle(id, state) {
    const turn = this.#turn(id)
    if (turn && turn.state !== 'interrupted') turn.state = state
  }
}
