/**
 * What the events of a translation session mean. It speaks along, without turns, and nothing can be written or called.
 * Source: `openai/types/realtime/realtime_translation_server_event.py` of the openai package.
 */

/** @import {ClientEvent, ReadEvent, SessionEvents, SessionParts} from '../types.js' */

import { endedUpstream } from '../connection-error.js'
import { NOTHING } from './can.js'
import { SessionError } from './session-error.js'
import { StreamedTurns } from './streamed-turns.js'

/** @implements {SessionEvents} */
export class TranslationEvents {
  /** @type {SessionEvents['voices']} */
  voices = ['model']
  manual = false
  can = NOTHING
  #parts
  #turns

  /** @param {SessionParts} parts */
  constructor(parts) {
    this.#parts = parts
    this.#turns = new StreamedTurns(parts.transcript, { alternate: false, changed: parts.changed })
  }

  /**
   * @param {ReadEvent} event
   * @param {number} now In milliseconds.
   */
  take(event, now) {
    switch (event.type) {
      case 'session.input_transcript.delta':
        return this.#turns.add('person', event.delta ?? '', now)
      case 'session.output_transcript.delta':
        return this.#turns.add('model', event.delta ?? '', now)
      case 'session.closed':
        return this.#parts.close(endedUpstream())
      case 'error':
        if (event.error) this.#parts.fail(new SessionError(event.error, event.event_id))
    }
  }

  /**
   * How long the interpreter is behind is no latency of an answer: who speaks is all that is of interest.
   *
   * @param {'person' | 'model'} who
   * @param {number} level 0 to 1.
   * @param {number} now In milliseconds.
   */
  hear(who, level, now) {
    if (who === 'model') this.#parts.agent.hear(level, now)
  }

  /** @returns {ClientEvent} What ends the session, where the server could not. */
  get closeEvent() {
    return { type: 'session.close' }
  }

  end() {
    this.#turns.end()
    this.#parts.transcript.end()
  }

  /** @param {ClientEvent} _event */
  sent(_event) {}
  text() {
    return false
  }
  interrupt() {}
  decide() {}
  pushToTalk() {}
  press() {}
  release() {}
  mute() {}
}
