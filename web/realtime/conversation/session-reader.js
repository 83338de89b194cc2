/** Reads the events of a call: by the reader of its kind of session, which the preset's type tells, or the first event. */

/** @import {ReadEvent, SessionEvents, SessionParts, SessionType} from '../types.js' */

import { notLoaded } from '../connection-error.js'
import { RealtimeEvents } from './realtime-events.js'

/** What most calls do not need is loaded with the first one that does. */
const LOADERS = {
  live: async () => (await import('./live-events.js')).LiveEvents,
  translation: async () => (await import('./translation-events.js')).TranslationEvents
}

export class SessionReader {
  #parts
  #begun
  /** @type {SessionEvents | undefined} */
  #events
  /** @type {[ReadEvent, number][] | undefined} what has come, and when, before its reader was loaded */
  #unread

  /**
   * @param {SessionParts} parts
   * @param {SessionType | undefined} type Of the preset, where it is known.
   * @param {(events: SessionEvents) => void} begun Is told once which reader it is, before that has read anything.
   */
  constructor(parts, type, begun) {
    this.#parts = parts
    this.#begun = begun
    if (type) this.#understand(type)
  }

  /** Undefined before the kind of session is known. */
  get events() {
    return this.#events
  }

  /**
   * @param {ReadEvent} event
   * @param {number} now In milliseconds.
   */
  read(event, now) {
    if (!this.#events && !this.#unread) this.#understand(kindOf(event))
    if (this.#unread) this.#unread.push([event, now])
    else this.#events?.take(event, now)
  }

  /** @param {number} now In milliseconds: the call is over. */
  end(now) {
    this.#unread = []
    this.#events?.end(now)
  }

  /** @param {SessionType} type */
  #understand(type) {
    if (type === 'live' || type === 'translation') this.#load(LOADERS[type])
    else this.#begin(RealtimeEvents)
  }

  /** @param {() => Promise<new (parts: SessionParts) => SessionEvents>} load */
  async #load(load) {
    const unread = (this.#unread = /** @type {[ReadEvent, number][]} */ ([]))
    const Events = await load().catch((error) => this.#parts.close(notLoaded(error)))
    // The call may have ended meanwhile.
    if (!Events || unread !== this.#unread) return
    this.#unread = undefined
    this.#begin(Events)
    for (const [event, now] of unread) this.#events?.take(event, now)
    this.#parts.changed()
  }

  /** @param {new (parts: SessionParts) => SessionEvents} Events */
  #begin(Events) {
    this.#events = new Events(this.#parts)
    this.#begun(this.#events)
  }
}

/**
 * @param {ReadEvent} event The first of a call.
 * @returns {SessionType}
 */
function kindOf({ type, session }) {
  if (session?.type === 'transcription' || session?.type === 'translation') return session.type
  // A locked session of the Live API does not tell that it has started: any other of its events may be the first.
  const isLive = type === 'info' || (type.startsWith('session.') && type !== 'session.created' && type !== 'session.updated')
  return isLive ? 'live' : 'realtime'
}
