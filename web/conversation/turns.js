/** The transcript as a conversation on the page. It shows turns, wherever they come from. */

/** @import {DividerTurn, FunctionTurn, Preset, RemarkTurn, SpokenTurn, Turn} from '../types.js' */

import { element, make } from '../element.js'

const SPEAKERS = { person: 'You', model: 'Model', function: 'Function', page: '', divider: '' }

const REMARKS = {
  partial: '',
  final: '',
  interrupted: 'interrupted',
  limited: 'cut off by its limit of length',
  filtered: 'stopped by the content filter',
  failed: 'failed'
}

const UNHEARD = 'Not heard: '

const NOTHING_YET = 'What is said will be written here.'
const LOCKED = 'A locked preset writes nothing down, by design.'

const WHEN = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

export class TranscriptView {
  #list = element('transcript')
  #scroll = element('scroll')
  #placeholder = element('placeholder')
  /** @type {Map<string, HTMLLIElement>} */
  #entries = new Map()
  /** @type {Map<string, Turn>} what each entry shows */
  #shown = new Map()
  #decided

  /** @param {(id: string, approve: boolean) => void} decided What becomes of the person's decision on a tool. */
  constructor(decided) {
    this.#decided = decided
  }

  /** @param {Preset} preset Of the call that begins: what to expect while nothing was said. */
  expect({ locked }) {
    this.#placeholder.textContent = locked ? LOCKED : NOTHING_YET
  }

  /** @param {readonly Turn[]} turns */
  show(turns) {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll
    const atEnd = scrollHeight - scrollTop - clientHeight < 48
    const entries = new Map(turns.map((turn) => [turn.id, this.#entries.get(turn.id) ?? this.#entry(turn)]))
    for (const [id, li] of this.#entries) if (!entries.has(id)) li.remove()
    this.#entries = entries
    for (const id of this.#shown.keys()) if (!entries.has(id)) this.#shown.delete(id)
    turns.forEach((turn, index) => this.#place(turn, index))
    this.#placeholder.hidden = turns.length > 0
    if (atEnd) this.#scroll.scrollTop = this.#scroll.scrollHeight
  }

  /** @param {Turn} turn */
  #entry(turn) {
    const li = entry(turn)
    if ('approval' in turn) li.append(question((approve) => this.#decide(turn.id, approve)))
    return li
  }

  /**
   * @param {string} id
   * @param {boolean} approve
   */
  #decide(id, approve) {
    this.#decided(id, approve)
    // The button that had the focus is gone.
    this.#scroll.focus()
  }

  /**
   * @param {Turn} turn
   * @param {number} index
   */
  #place(turn, index) {
    const li = /** @type {HTMLLIElement} */ (this.#entries.get(turn.id))
    if (this.#list.children[index] !== li) this.#list.insertBefore(li, this.#list.children[index] ?? null)
    if (this.#shown.get(turn.id) === turn) return
    this.#shown.set(turn.id, turn)
    li.dataset.state = turn.state
    if (turn.speaker === 'function') write(li, '.text', calledAs(turn))
    else writeSaid(li, said(turn), 'heard' in turn ? turn.heard : undefined)
    write(li, '.remark', ('approval' in turn && turn.approval !== 'wanted' && turn.approval) || REMARKS[turn.state])
    if (turn.speaker === 'function') write(li, '.output', turn.output ?? '')
    // Once the call is over there is nothing to decide.
    li.querySelector('.question')?.toggleAttribute('hidden', turn.state !== 'partial')
  }
}

/** @param {Turn} turn */
function entry({ speaker }) {
  const who = make('p', 'who', make('span', 'speaker', SPEAKERS[speaker]), ' ', make('span', 'remark'))
  const text = make(speaker === 'function' ? 'code' : 'p', 'text')
  const li = make('li', 'turn', ...(speaker === 'page' || speaker === 'divider' ? [] : [who]), text)
  li.dataset.speaker = speaker
  if (speaker === 'function') li.append(make('code', 'output'))
  return li
}

/** @param {(approve: boolean) => void} decided */
function question(decided) {
  const [allow, refuse] = [make('button', 'pill', 'Allow'), make('button', 'pill', 'Refuse')]
  allow.type = refuse.type = 'button'
  allow.addEventListener('click', () => decided(true))
  refuse.addEventListener('click', () => decided(false))
  const asked = make('p', '', 'The model asks whether it may call this.')
  asked.role = 'alert'
  return make('div', 'question', asked, allow, refuse)
}

/**
 * @param {HTMLLIElement} li
 * @param {string} selector
 * @param {string} text
 */
function write(li, selector, text) {
  const target = li.querySelector(selector)
  if (target && target.textContent !== text) target.textContent = text
}

/**
 * @param {HTMLLIElement} li
 * @param {string} text
 * @param {number} [heard] How many characters of it.
 */
function writeSaid(li, text, heard = text.length) {
  const [said, rest] = [text.slice(0, heard), text.slice(heard)]
  const target = li.querySelector('.text')
  if (!target || target.textContent === said + (rest && UNHEARD + rest)) return
  target.replaceChildren(said, ...(rest ? [make('span', 'unheard', make('span', 'visually-hidden', UNHEARD), rest)] : []))
}

/** @param {SpokenTurn | RemarkTurn | DividerTurn} turn */
function said(turn) {
  const { text, state } = turn
  if (turn.speaker === 'divider') return `New call, ${WHEN.format(turn.at)}`
  if (text !== '') return text
  return state === 'partial' ? '…' : 'Spoken, not transcribed.'
}

/** @param {FunctionTurn} turn */
function calledAs({ name, arguments: args }) {
  return `${name}(${args === '{}' ? '' : args})`
}
