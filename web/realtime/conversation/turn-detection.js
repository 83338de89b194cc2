/** Who says when the person's turn ends: the upstream, as its session is configured, or the person, who pushes to talk. */

/** @import {ClientEvent, SessionEvents} from '../types.js' */

import { VOICE } from './agent.js'

/** How long the semantic turn detection waits at most, with the lowest eagerness, and a little more. */
const LONGEST_WAIT_MS = 10_000

export class TurnDetection {
  #send
  /** @type {Record<string, unknown> | undefined} of the upstream, unless the person says when; undefined until it has told */
  #config
  #push = false
  #spokeAt = -Infinity
  /** Whether the session takes no turns by itself: then somebody has to say when one ends. */
  manual = false

  /** @param {(event: ClientEvent) => boolean} send */
  constructor(send) {
    this.#send = send
  }

  /** @returns {SessionEvents['voices']} The semantic one does not tell when the words ended: the microphone does. */
  get voices() {
    return this.#isSemantic ? ['person'] : []
  }

  /**
   * @param {string} type Of the session.
   * @param {unknown} config Of the new session; null: it takes no turns.
   */
  begin(type, config) {
    this.manual = config === null
    this.#config = Object(config ?? { type: 'server_vad' })
    if (this.#push && !this.manual) this.#update(type, null)
  }

  /**
   * @param {string} type Of the session.
   * @param {boolean} push Whether the person says when a turn ends.
   */
  pushToTalk(type, push) {
    this.#push = push
    if (this.#config && !this.manual) this.#update(type, push ? null : this.#config)
  }

  /** The person begins to speak: what was heard before was another turn. */
  startSpeech() {
    this.#spokeAt = -Infinity
  }

  /**
   * @param {number} level Of the person's voice, 0 to 1.
   * @param {number} now In milliseconds.
   */
  hear(level, now) {
    if (level > VOICE) this.#spokeAt = now
  }

  /**
   * When the person said the last of it. Turn detection by silence tells how long it waits after that.
   *
   * @param {number} now In milliseconds: the upstream says that the person has spoken.
   */
  endOfSpeech(now) {
    if (this.#isSemantic) return now - this.#spokeAt < LONGEST_WAIT_MS ? this.#spokeAt : now
    return now - Number(this.#config?.silence_duration_ms ?? 0)
  }

  get #isSemantic() {
    return this.#config?.type === 'semantic_vad'
  }

  /**
   * @param {string} type
   * @param {unknown} config What the upstream has told is given back to it; null: the client says when a turn ends.
   */
  #update(type, config) {
    const session = { type, audio: { input: { turn_detection: config } } }
    this.#send(/** @type {ClientEvent} */ ({ type: 'session.update', session }))
  }
}
