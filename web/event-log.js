/** The raw events of a call, newest first, each to be opened as JSON. */

/** @import {ClientEvent, ServerEvent} from './types.js' */

import { element } from './element.js'

/** A long call has thousands of events; the page keeps the last of them. */
const KEPT = 300

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })

export class EventLog {
  #list = element('events')
  #count = element('events-count')
  #seen = 0

  clear() {
    this.#list.replaceChildren()
    this.#seen = 0
    this.#count.textContent = '0'
  }

  /**
   * @param {'sent' | 'received'} direction
   * @param {ClientEvent | ServerEvent} event
   */
  add(direction, event) {
    this.#count.textContent = String(++this.#seen)
    this.#list.prepend(entry(direction, event))
    if (this.#list.children.length > KEPT) this.#list.lastElementChild?.remove()
  }
}

/**
 * @param {'sent' | 'received'} direction
 * @param {ClientEvent | ServerEvent} event
 */
function entry(direction, event) {
  const li = document.createElement('li')
  li.dataset.direction = direction
  li.dataset.type = event.type
  const details = document.createElement('details')
  const json = document.createElement('pre')
  details.append(summary(direction, event.type), json)
  details.addEventListener('toggle', () => (json.textContent ||= JSON.stringify(event, null, 2)), { once: true })
  li.append(details)
  return li
}

/**
 * @param {'sent' | 'received'} direction
 * @param {string} type
 */
function summary(direction, type) {
  const line = document.createElement('summary')
  const arrow = document.createElement('span')
  arrow.className = 'arrow'
  arrow.textContent = direction === 'sent' ? '↑' : '↓'
  arrow.setAttribute('role', 'img')
  arrow.setAttribute('aria-label', direction)
  const name = document.createElement('span')
  name.className = 'type'
  name.textContent = type
  const time = document.createElement('time')
  time.textContent = CLOCK.format()
  line.append(arrow, name, time)
  return line
}
