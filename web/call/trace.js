/** What was heard in the last seconds, drawn as two rows of strokes, the newest beside the button. */

/** The distance between two strokes, in rem; and how long a stroke takes to move so far. */
const PITCH_REM = 0.4375
const STEP_MS = 55

/** How many strokes are kept: enough for the widest screen. */
const KEPT = 400

/** On the scale of a meter: the noise of a room without a voice, and the loudness of most voices. */
const QUIET = 0.2
const LOUD = 0.85

export class Trace {
  /** @type {{person: number[], model: number[]}} newest first */
  #heard = { person: [], model: [] }
  #stepped = 0
  #moving = false

  /** Whether strokes are still moving to the edge. */
  get moving() {
    return this.#moving
  }

  /**
   * @param {number} person 0 to 1.
   * @param {number} model 0 to 1.
   * @param {number} now In milliseconds.
   * @param {boolean} still One level a side, that does not move.
   */
  add(person, model, now, still) {
    if (still) this.#heard = { person: steady(person), model: steady(model) }
    if (now - this.#stepped > 20 * STEP_MS) this.#stepped = now - STEP_MS
    for (; !still && now - this.#stepped >= STEP_MS; this.#stepped += STEP_MS) {
      this.#heard.person = [stroke(person), ...this.#heard.person.slice(0, KEPT)]
      this.#heard.model = [stroke(model), ...this.#heard.model.slice(0, KEPT)]
    }
    this.#moving = [...this.#heard.person, ...this.#heard.model].some((level) => level > 0)
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {object} look
   * @param {string} look.phase
   * @param {number} look.gap From the middle to the first stroke, in CSS pixels.
   * @param {number} look.now In milliseconds.
   * @param {boolean} look.still
   */
  paint(canvas, { phase, gap, now, still }) {
    const { clientWidth: width, clientHeight: height } = canvas
    const context = cleared(canvas, width, height)
    if (!context) return
    const style = getComputedStyle(canvas)
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    const pitch = PITCH_REM * rem
    context.lineCap = 'round'
    context.lineWidth = pitch * 0.42
    const count = Math.ceil((width / 2 - gap) / pitch)
    const muted = document.body.hasAttribute('data-muted')
    const flow = still ? 0 : (now - this.#stepped) / STEP_MS
    for (const [who, sign] of /** @type {const} */ ([['person', -1], ['model', 1]])) {
      context.strokeStyle = style.getPropertyValue(`--${who}`)
      for (let n = 0; n < count; n++) {
        const level = this.#heard[who][n] ?? 0
        const x = width / 2 + sign * (gap + (n + flow) * pitch)
        const reach = level * (height / 2 - pitch)
        // Muted: every other stroke, and paler.
        if (muted && who === 'person' && n % 2) continue
        context.globalAlpha = fade(n / count) * (level > 0 ? 1 : glow(phase, who, n, still ? 0 : now))
        context.beginPath()
        context.moveTo(x, height / 2 - reach)
        context.lineTo(x, height / 2 + reach + 0.01)
        context.stroke()
      }
    }
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} width In CSS pixels.
 * @param {number} height
 */
function cleared(canvas, width, height) {
  const ratio = devicePixelRatio || 1
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)]
  // Setting the size is slow, even to the same one.
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high })
  const context = canvas.getContext('2d')
  context?.setTransform(ratio, 0, 0, ratio, 0, 0)
  context?.clearRect(0, 0, width, height)
  return context
}

/**
 * The opacity of a stroke: the line fades to its end.
 *
 * @param {number} way From the button to the edge, 0 to 1.
 */
function fade(way) {
  return Math.max(0, 1 - way ** 1.6)
}

/**
 * How bright a silent stroke is. The side that is waited for glows, as a wave that leaves the button.
 *
 * @param {string} phase
 * @param {'person' | 'model'} who
 * @param {number} n
 * @param {number} now 0 where nothing may move.
 */
function glow(phase, who, n, now) {
  const waits = phase === 'connecting' || phase === 'reconnecting' || (phase === 'asking' && who === 'person') || (phase === 'thinking' && who === 'model')
  if (!waits) return 0.34
  return now === 0 ? 0.9 : 0.3 + 0.7 * Math.max(0, Math.cos(n / 3 - now / 190)) ** 2
}

/** @param {number} level */
function stroke(level) {
  return Math.min(1, Math.max(0, (level - QUIET) / (LOUD - QUIET)) ** 1.4)
}

/** @param {number} level */
function steady(level) {
  return Array.from({ length: Math.round(stroke(level) * 16) }, () => 0.3)
}
