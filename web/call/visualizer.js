/**
 * The line between the two who speak, drawn as they do: the person's voice runs out to the left of the button, the
 * model's to the right. It knows levels and phases, and nothing of calls.
 */

/** @import {Meter} from '../realtime/meter.js' */

import { element } from '../element.js'
import { Trace } from './trace.js'

/** How often the meters are updated, which screen readers read. */
const TOLD_MS = 200

/** How often the line is drawn: it looks smooth, at half the work of drawing every frame. */
const FRAME_MS = 30

/** The distance between the button and the line. */
const GAP_PX = 16

/** In these phases something on the line moves by itself. */
const MOVING = new Set(['asking', 'connecting', 'thinking', 'reconnecting'])

export class Visualizer {
  #canvas = element('visualizer', HTMLCanvasElement)
  #button = element('call')
  #meters = { person: element('level-person', HTMLMeterElement), model: element('level-model', HTMLMeterElement) }
  /** @type {{person: Meter | undefined, model: Meter | undefined}} */
  #voices = { person: undefined, model: undefined }
  #trace = new Trace()
  #still = matchMedia('(prefers-reduced-motion: reduce)')
  #frame = 0
  #painted = 0
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer

  constructor() {
    new ResizeObserver(() => this.draw()).observe(this.#canvas)
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-reduced-motion: reduce)']) {
      matchMedia(query).addEventListener('change', () => this.draw())
    }
  }

  get levels() {
    return { person: this.#voices.person?.level ?? 0, model: this.#voices.model?.level ?? 0 }
  }

  /**
   * Listens to a voice, instead of the one before.
   *
   * @param {'person' | 'model'} who
   * @param {Meter} voice
   */
  listen(who, voice) {
    this.#voices[who]?.close()
    this.#voices[who] = voice
    this.#timer ??= setInterval(() => this.#tell(), TOLD_MS)
    this.draw()
  }

  /** Stops listening; what is on the line moves on to the edge. */
  rest() {
    clearInterval(this.#timer)
    this.#timer = undefined
    for (const voice of Object.values(this.#voices)) voice?.close()
    this.#voices = { person: undefined, model: undefined }
    this.#tell()
  }

  /** Draws the line again, for example because the phase or a colour has changed. */
  draw() {
    this.#frame ||= requestAnimationFrame((now) => this.#paint(now))
  }

  #tell() {
    const { levels } = this
    this.#meters.person.value = levels.person
    this.#meters.model.value = levels.model
    if (this.#still.matches) this.draw()
  }

  /** @param {number} now */
  #paint(now) {
    this.#frame = 0
    if (now - this.#painted < FRAME_MS) return this.draw()
    this.#painted = now
    const phase = document.body.dataset.phase ?? ''
    const still = this.#still.matches
    const { person, model } = this.levels
    this.#trace.add(person, model, now, still)
    this.#trace.paint(this.#canvas, { phase, gap: this.#button.offsetWidth / 2 + GAP_PX, now, still })
    if (!still && (this.#timer || this.#trace.moving || MOVING.has(phase))) this.draw()
  }
}
