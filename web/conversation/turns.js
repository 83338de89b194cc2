/** The turns of a call as a list on the page. Only what has changed since the last time is written. */

/** @import {DividerTurn, RemarkTurn, SpokenTurn, Turn} from '../types.js' */

import { element, make, moveFocus } from '../element.js'
import { callAt, calledAs } from './text.js'

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

/** How many answers the log has: the newest, since the transcript has all. */
const ANNOUNCED = 3

export class Turns {
  #list
  #log = element('written-answers')
  #decided
  /** @type {Map<string, {li: HTMLLIElement, shown: Turn | undefined, announced?: true}>} */
  #entries = new Map()
  /** @type {((text: string) => (Node | string)[]) | undefined} */
  #markdown
  /** @type {Promise<typeof import('./markdown.js')> | undefined} */
  #loading

  /**
   * @param {HTMLElement} list
   * @param {(id: string, approve: boolean) => void} decided What becomes of the person's decision on a tool.
   */
  constructor(list, decided) {
    this.#list = list
    this.#decided = decided
  }

  /** @param {readonly Turn[]} turns */
  show(turns) {
    this.#forget(turns)
    if (turns.length === 0) this.#log.replaceChildren()
    /** @type {Element | null} */
    let next = this.#list.firstElementChild
    for (const turn of turns) {
      const { li } = this.#entry(turn)
      if (next === li) next = li.nextElementSibling
      else this.#list.insertBefore(li, next)
    }
  }

  /** @param {readonly Turn[]} turns Those that are left. */
  #forget(turns) {
    const left = new Set(turns.map(({ id }) => id))
    for (const [id, { li }] of this.#entries) {
      if (left.has(id)) continue
      li.remove()
      this.#entries.delete(id)
    }
  }

  /** @param {Turn} turn */
  #entry(turn) {
    const entry = this.#entries.get(turn.id) ?? { li: this.#made(turn), shown: undefined }
    this.#entries.set(turn.id, entry)
    // A turn that is another object has changed: see the conversation's own description.
    if (entry.shown !== turn) {
      entry.shown = turn
      this.#write(entry.li, turn)
      if (!entry.announced && isWrittenAnswer(turn)) {
        entry.announced = true
        this.#announce(turn.text)
      }
    }
    return entry
  }

  /** @param {string} text For a screen reader: what is spoken needs none. */
  #announce(text) {
    this.#log.append(make('p', '', text))
    if (this.#log.children.length > ANNOUNCED) this.#log.firstElementChild?.remove()
  }

  /** @param {Turn} turn */
  #made({ id, speaker, ...turn }) {
    const who = make('p', 'who', make('span', 'speaker', SPEAKERS[speaker]), ' ', make('span', 'remark'))
    const text = make(speaker === 'function' ? 'code' : 'div', 'text')
    text.dir = 'auto'
    const li = make('li', 'turn', ...(SPEAKERS[speaker] ? [who] : []), text)
    li.dataset.speaker = speaker
    if (speaker === 'function') li.append(output())
    if ('approval' in turn) li.append(question((approve) => this.#decided(id, approve)))
    return li
  }

  /**
   * @param {HTMLLIElement} li
   * @param {Turn} turn
   */
  #write(li, turn) {
    li.dataset.state = turn.state
    write(li, '.remark', remarkOf(turn))
    if (turn.speaker === 'function') {
      write(li, '.text', calledAs(turn))
      write(li, '.output', turn.output ?? '')
      if (turn.state !== 'partial') closeQuestion(li)
    } else li.querySelector('.text')?.replaceChildren(...this.#said(li, turn))
  }

  /**
   * @param {HTMLLIElement} li
   * @param {SpokenTurn | RemarkTurn | DividerTurn} turn
   */
  #said(li, turn) {
    if (turn.speaker === 'divider') return [callAt(turn.at)]
    if ('written' in turn && turn.written) {
      li.querySelector('.text')?.classList.toggle('written', this.#markdown !== undefined)
      if (this.#markdown) return this.#markdown(turn.text)
      this.#loadMarkdown()
    }
    const { text, heard } = { heard: undefined, ...turn }
    if (text === '') return [turn.state === 'partial' ? '…' : 'Spoken, not transcribed.']
    if (heard === undefined || heard >= text.length) return [text]
    return [text.slice(0, heard), make('span', 'unheard', make('span', 'visually-hidden', UNHEARD), text.slice(heard))]
  }

  /** Most conversations have no written text: the Markdown parser is loaded with the first. */
  async #loadMarkdown() {
    this.#loading ??= import('./markdown.js')
    try {
      this.#markdown = (await this.#loading).markdown
    } catch {
      return // it stays as it was written
    }
    for (const { li, shown } of this.#entries.values()) if (shown && 'written' in shown) this.#write(li, shown)
  }
}

function output() {
  const code = make('code', 'output')
  code.dir = 'auto'
  return code
}

/** @param {Turn} turn */
function remarkOf(turn) {
  if ('approval' in turn && turn.approval && turn.approval !== 'wanted') return turn.approval
  if (REMARKS[turn.state] || !('latencyMs' in turn) || turn.latencyMs === undefined) return REMARKS[turn.state]
  return turn.latencyMs < 100 ? `${turn.latencyMs} ms` : `${(turn.latencyMs / 1000).toFixed(1)} s`
}

/** @param {(approve: boolean) => void} decided */
function question(decided) {
  const [allow, refuse] = [make('button', 'pill', 'Allow'), make('button', 'pill', 'Refuse')]
  allow.addEventListener('click', () => decided(true))
  refuse.addEventListener('click', () => decided(false))
  const asked = make('p', '', 'The model asks whether it may call this.')
  asked.role = 'alert'
  return make('div', 'question', asked, allow, refuse)
}

/**
 * @param {Turn} turn
 * @returns {turn is SpokenTurn} Whether it is complete, as far as it ever will be.
 */
function isWrittenAnswer(turn) {
  return turn.speaker === 'model' && turn.written === true && turn.state !== 'partial'
}

/** @param {HTMLLIElement} li Whose question is answered, or about a call that is over. */
function closeQuestion(li) {
  const asked = li.querySelector('.question')
  if (!(asked instanceof HTMLElement)) return
  moveFocus(asked, element('scroll'))
  asked.hidden = true
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
