/**
 * The turns of a conversation, whatever events they come from. A turn is never changed, but replaced by another one, as
 * is the list: whoever shows it sees by `===` what is new.
 */

/** @import {RemarkCode, SpokenTurn, Turn, TurnState} from '../types.js' */

export class Transcript {
  /** @type {readonly Turn[]} */
  #turns = []
  /** @type {Map<string, string[]>} the text of each turn by content index */
  #parts = new Map()
  #made = 0

  /** @returns {readonly Turn[]} In the order of the conversation. */
  get turns() {
    return this.#turns
  }

  /**
   * @param {string | undefined} id
   * @returns {Turn | undefined}
   */
  find(id) {
    return this.#turns.find((turn) => turn.id === id)
  }

  /**
   * @param {Turn} turn
   * @param {string | null} [previous] The id of the turn before it, where that is known; else it is the last.
   */
  insert(turn, previous) {
    const before = previous ? this.#turns.findIndex(({ id }) => id === previous) : -1
    this.#turns = this.#turns.toSpliced(before < 0 ? this.#turns.length : before + 1, 0, turn)
  }

  /**
   * @param {string} id
   * @param {Partial<SpokenTurn> | Partial<import('../types.js').FunctionTurn>} members Of the turn, as they are now.
   */
  change(id, members) {
    const index = this.#turns.findIndex((turn) => turn.id === id)
    const turn = this.#turns[index]
    const differs = Object.entries(members).some(([name, value]) => !Object.is(Reflect.get(turn ?? {}, name), value))
    if (turn && differs) this.#turns = this.#turns.with(index, /** @type {Turn} */ ({ ...turn, ...members }))
  }

  /** @param {string} id */
  remove(id) {
    this.#turns = this.#turns.filter((turn) => turn.id !== id)
  }

  /**
   * The turn with this id, made where it belongs if there is none yet.
   *
   * @param {string} id
   * @param {'person' | 'model'} speaker
   * @param {string | null} [previous]
   */
  speak(id, speaker, previous) {
    if (!this.find(id)) this.insert({ id, speaker, text: '', state: 'partial' }, previous)
  }

  /**
   * @param {string} id
   * @param {string} delta What is added to the text.
   * @param {number} [index] Of the part of the turn.
   */
  append(id, delta, index = 0) {
    this.write(id, (this.#parts.get(id)?.[index] ?? '') + delta, index)
  }

  /**
   * @param {string} id
   * @param {string | null | undefined} text Nothing is written where there is none.
   * @param {number} [index] Of the part of the turn.
   */
  write(id, text, index = 0) {
    if (typeof text !== 'string') return
    const parts = this.#parts.get(id) ?? []
    parts[index] = text
    this.#parts.set(id, parts)
    this.change(id, { text: parts.join('') })
  }

  /**
   * What was interrupted stays so: the events around an interruption come in any order.
   *
   * @param {string} id
   * @param {TurnState} state
   */
  settle(id, state) {
    if (this.find(id)?.state !== 'interrupted') this.change(id, { state })
  }

  /**
   * @param {string} kind
   * @returns {string} An id that no turn has.
   */
  newId(kind) {
    return `${kind}_${++this.#made}`
  }

  /**
   * @param {RemarkCode} code
   * @param {string} text What is to be said about what happened.
   * @param {string} [server] Of `tools_not_listed`.
   */
  remark(code, text, server) {
    this.insert({ id: this.newId('remark'), speaker: 'page', code, text, ...(server !== undefined && { server }), state: 'final' })
  }

  /**
   * A new call begins: what follows is another conversation to the model. Nothing is divided where nothing was said.
   *
   * @param {Date} at
   */
  divide(at) {
    if (this.#turns.length === 0 || this.#turns.at(-1)?.speaker === 'divider') return
    this.insert({ id: this.newId('call'), speaker: 'divider', text: '', state: 'final', at })
  }

  /** The call is over: what was being said stays cut short. */
  end() {
    for (const { id, state } of this.#turns) if (state === 'partial') this.change(id, { state: 'interrupted' })
  }

  clear() {
    this.#turns = []
    this.#parts.clear()
  }
}
