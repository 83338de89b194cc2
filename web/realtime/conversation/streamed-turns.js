/**
 * The turns of a session that has none: words come as they are spoken, on both sides, and no event says that somebody has
 * finished. A pause tells, and where the two speak in turns, that the other one has spoken meanwhile.
 */

/** @import {Transcript} from './transcript.js' */

/** @typedef {'person' | 'model'} Speaker */

/** After so long without a word, the next one begins another turn. */
const PAUSE_MS = 2_000

/** The shortest pause in which the other one can have taken over; words of both cross on the way. */
const TAKEOVER_PAUSE_MS = 400

export class StreamedTurns {
  #transcript
  #changed
  #alternate
  /** @type {Map<Speaker, {id: string, at: number, timer: ReturnType<typeof setTimeout>}>} what is being said */
  #open = new Map()

  /**
   * @param {Transcript} transcript
   * @param {object} options
   * @param {boolean} options.alternate Whether the two speak in turns; an interpreter speaks along.
   * @param {() => void} options.changed A turn is over, without an event.
   */
  constructor(transcript, { alternate, changed }) {
    this.#transcript = transcript
    this.#alternate = alternate
    this.#changed = changed
  }

  /**
   * @param {Speaker} speaker
   * @param {string} delta It brings its own spaces.
   * @param {number} now In milliseconds.
   */
  add(speaker, delta, now) {
    const before = this.#open.get(speaker)
    if (before) clearTimeout(before.timer)
    const goesOn = before && !this.#isOver(speaker, before.at, now)
    if (before && !goesOn) this.#transcript.settle(before.id, 'final')
    const id = goesOn ? before.id : this.#transcript.newId(speaker)
    this.#transcript.speak(id, speaker)
    this.#transcript.append(id, goesOn ? delta : delta.trimStart())
    this.#open.set(speaker, { id, at: now, timer: setTimeout(() => this.#settle(speaker), PAUSE_MS) })
  }

  /** @param {Speaker} speaker */
  idOf(speaker) {
    return this.#open.get(speaker)?.id
  }

  /** The call is over. */
  end() {
    for (const { timer } of this.#open.values()) clearTimeout(timer)
    this.#open.clear()
  }

  /**
   * @param {Speaker} speaker
   * @param {number} at When they spoke last.
   * @param {number} now
   */
  #isOver(speaker, at, now) {
    const other = this.#open.get(speaker === 'person' ? 'model' : 'person')
    const takenOver = this.#alternate && other !== undefined && other.at > at && now - at > TAKEOVER_PAUSE_MS
    return now - at > PAUSE_MS || takenOver
  }

  /** @param {Speaker} speaker */
  #settle(speaker) {
    const turn = this.#open.get(speaker)
    this.#open.delete(speaker)
    if (turn) this.#transcript.settle(turn.id, 'final')
    this.#changed()
  }
}
