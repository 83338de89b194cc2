/** The raw events of a call, newest first, each to be opened as JSON; filtered, copied and saved as one likes. */

/** @import {Conversation} from '../realtime/conversation/conversation.js' */
/** @import {ClientEvent, LoggedEvent, ServerEvent} from '../types.js' */

import { element, make } from '../element.js'
import { jsonLines, matches } from './event-filter.js'

/** A long call has thousands of events: so many are shown, and so many are kept to be saved. */
const SHOWN = 300
const KEPT = 10_000

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })

export class EventLog {
  #list = element('events')
  #count = element('events-count')
  #text = element('events-text', HTMLInputElement)
  #direction = element('events-direction', HTMLSelectElement)
  #save = element('events-save', HTMLButtonElement)
  /** @type {LoggedEvent[]} */
  #events = []

  /** @param {Conversation} conversation */
  constructor(conversation) {
    conversation.addEventListener('client-event', ({ detail }) => this.#add('sent', detail))
    conversation.addEventListener('server-event', ({ detail }) => this.#add('received', detail))
    conversation.addEventListener('change', ({ detail: { state } }) => this.#name(state.callId))
    this.#text.addEventListener('input', () => this.#showAll())
    this.#direction.addEventListener('change', () => this.#showAll())
    this.#save.addEventListener('click', () => save(jsonLines(this.#events.filter((event) => this.#isWanted(event)))))
  }

  /**
   * @param {'sent' | 'received'} direction
   * @param {ClientEvent | ServerEvent} event
   */
  #add(direction, event) {
    const logged = { at: new Date(), direction, event }
    this.#events.push(logged)
    if (this.#events.length > KEPT) this.#events.shift()
    if (this.#isWanted(logged)) this.#list.prepend(entry(logged))
    if (this.#list.children.length > SHOWN) this.#list.lastElementChild?.remove()
    this.#showCount()
  }

  /** @param {string | undefined} callId By which the upstream knows the call. */
  #name(callId) {
    element('call-id').textContent = callId ?? ''
    element('call-line').hidden = callId === undefined
  }

  /** @param {LoggedEvent} event */
  #isWanted(event) {
    return matches(event, this.#text.value, this.#direction.value)
  }

  #showAll() {
    const wanted = this.#events.filter((event) => this.#isWanted(event)).slice(-SHOWN)
    this.#list.replaceChildren(...wanted.map(entry).reverse())
    this.#showCount()
  }

  #showCount() {
    const filtered = this.#text.value !== '' || this.#direction.value !== ''
    this.#count.textContent = filtered ? `${this.#list.children.length} of ${this.#events.length}` : String(this.#events.length)
    this.#save.disabled = this.#events.length === 0
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
  const copy = make('button', 'small', 'Copy')
  copy.type = 'button'
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(json)
    copy.textContent = 'Copied'
  })
  const text = make('pre', '', json)
  text.tabIndex = 0
  return [copy, text]
}

/** @param {string} lines */
function save(lines) {
  const link = make('a')
  link.href = URL.createObjectURL(new Blob([lines], { type: 'application/jsonl' }))
  link.download = 'events.jsonl'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
