/** The events as a list, newest first, each to be opened as JSON; filtered, copied and saved as one likes. */

/** @import {LoggedEvent} from '../types.js' */
/** @import {Events} from './events.js' */

import { copy } from '../copy.js'
import { element, make } from '../element.js'
import { save } from '../save.js'
import { jsonLines, matches } from './event-filter.js'

/** How many events are shown. */
const SHOWN = 300

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })

export class EventLog {
  #list = element('events')
  #count = element('events-count')
  #text = element('events-text', HTMLInputElement)
  #direction = element('events-direction', HTMLSelectElement)
  #save = element('events-save', HTMLButtonElement)
  #events

  /** @param {Events} events */
  constructor(events) {
    this.#events = events
    this.#text.addEventListener('input', () => this.show())
    this.#direction.addEventListener('change', () => this.show())
    this.#save.addEventListener('click', () => save('events.jsonl', 'application/jsonl', jsonLines(this.#wanted)))
  }

  /** Lists what there is. */
  show() {
    this.#list.replaceChildren(...this.#wanted.slice(-SHOWN).map(entry).reverse())
    this.#showCount()
  }

  /** Adds the newest to the list. */
  add() {
    const newest = this.#events.all.at(-1)
    if (newest && this.#isWanted(newest)) this.#list.prepend(entry(newest))
    if (this.#list.children.length > SHOWN) this.#list.lastElementChild?.remove()
    this.#showCount()
  }

  get #wanted() {
    return this.#events.all.filter((event) => this.#isWanted(event))
  }

  /** @param {LoggedEvent} event */
  #isWanted(event) {
    return matches(event, this.#text.value, this.#direction.value)
  }

  #showCount() {
    const { length } = this.#events.all
    const filtered = this.#text.value !== '' || this.#direction.value !== ''
    this.#count.textContent = filtered ? `${this.#list.children.length} of ${length}` : String(length)
    this.#save.disabled = length === 0
  }
}

/** @param {LoggedEvent} logged */
function entry({ at, direction, event }) {
  const li = make('li')
  li.dataset.direction = direction
  li.dataset.type = event.type
  const details = make('details', '', summary(direction, event.type, at))
  details.addEventListener('toggle', () => details.append(...opened(JSON.stringify(event, null, 2))), { once: true })
  li.append(details)
  return li
}

/**
 * @param {'sent' | 'received'} direction
 * @param {string} type
 * @param {Date} at
 */
function summary(direction, type, at) {
  const arrow = make('span', 'arrow', direction === 'sent' ? '↑' : '↓')
  arrow.setAttribute('role', 'img')
  arrow.setAttribute('aria-label', direction)
  return make('summary', '', arrow, make('span', 'type', type), make('time', '', CLOCK.format(at)))
}

/** @param {string} json */
function opened(json) {
  const button = make('button', 'small', 'Copy')
  button.type = 'button'
  button.addEventListener('click', () => copy(button, json))
  const text = make('pre', '', json)
  text.tabIndex = 0
  return [button, text]
}
