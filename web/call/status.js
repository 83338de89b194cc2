/** What the person reads, and a screen reader says, of each state: one line, and one sentence of advice. */

/** @import {Access} from '../sign-in/access.js' */
/** @import {AgentDoing} from '../types.js' */

import { element } from '../element.js'

/** While there is no call that is up. */
const STATES = {
  ready: ['idle', 'Ready', 'Press connect, allow the microphone, and speak.'],
  asking: ['asking', 'Asking for the microphone', 'Your browser asks whether this page may listen. Nothing is sent, and nothing costs, before you allow it.'],
  connecting: ['connecting', 'Connecting', 'The offer is on its way.'],
  ended: ['ended', 'Call ended', 'Connect again whenever you like.'],
  over: ['ended', 'Call ended', 'A call lasts 60 minutes at most. Connect again: the model begins anew.'],
  failed: ['failed', 'The call did not work', 'What went wrong is written below.'],
  cut: ['failed', 'Call ended', 'Why it ended is written below.'],
  reconnecting: ['reconnecting', 'The connection was lost', ''],
  unusable: ['failed', 'Not ready', 'The page could not read its configuration.'],
  'signed-out': ['idle', 'Not signed in', 'Speak with a model, from your browser. Sign in first: only people who are known here may start a call.'],
  expired: ['idle', 'Your sign-in has expired', 'Sign in again, then connect.']
}

/** While a call is up. */
const PHASES = { listening: 'Listening', thinking: 'Thinking', speaking: 'Speaking', muted: 'Muted' }

const ADVICE = {
  open: 'Speak. You can interrupt at any time.',
  push: 'Hold the button or the space bar while you speak; a tap keeps it down.',
  locked: 'Speak and listen. This preset is audio only, so nothing is written down.',
  transcribing: 'Speak. Your words are written down.',
  unheard: 'You are not heard: why is written below.',
  outlasting: 'Your sign-in has expired. You can go on speaking, and sign in again before the next call.'
}

export class Status {
  #state = element('state')
  #advice = element('advice')

  /**
   * @param {keyof typeof STATES} key
   * @param {string} [advice] In place of its own.
   */
  say(key, advice) {
    const [phase = '', state = '', own = ''] = STATES[key]
    this.#become(phase, state)
    write(this.#advice, advice ?? own)
  }

  /**
   * There is no call, and nothing to tell of the last one.
   *
   * @param {Access} access
   */
  rest({ allowed, state }) {
    this.say(allowed ? 'ready' : state === 'expired' ? 'expired' : 'signed-out')
  }

  /** @param {AgentDoing | 'muted'} phase */
  follow(phase) {
    this.#become(phase, PHASES[phase])
  }

  /** @param {keyof typeof ADVICE} key */
  advise(key) {
    write(this.#advice, ADVICE[key])
  }

  /** @param {number} seconds After which the call is ended. */
  warn(seconds) {
    const time = seconds > 60 ? `${Math.round(seconds / 60)} minutes` : `${seconds} seconds`
    write(this.#advice, `${time} are left of this call.`)
  }

  /**
   * @param {string} phase
   * @param {string} state
   */
  #become(phase, state) {
    document.body.dataset.phase = phase
    write(this.#state, state)
  }
}

/**
 * Written only where it is something else, since what is written is said aloud.
 *
 * @param {HTMLElement} target
 * @param {string} text
 */
function write(target, text) {
  if (target.textContent !== text) target.textContent = text
}
