/** What this browser remembers of the person's choices: names of presets, voices and devices, and nothing that was said. */

/** @import {Choices} from '../types.js' */

const KEY = 'choices'

export class Preferences {
  /** @type {Choices} */
  #choices
  #storage

  /** @param {Pick<Storage, 'getItem' | 'setItem'>} [storage] */
  constructor(storage = allowed()) {
    this.#storage = storage
    this.#choices = object(parsed(storage?.getItem(KEY)))
  }

  /** @returns {Readonly<Choices>} Whatever was written there: it may be of another version of this page. */
  get choices() {
    return this.#choices
  }

  /** @param {Partial<Choices>} choices */
  keep(choices) {
    this.#choices = { ...this.#choices, ...choices }
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.#choices))
    } catch (error) {
      // The storage is full or forbidden: the choices are forgotten, and everything else works.
      if (!(error instanceof DOMException)) throw error
    }
  }
}

/** @returns {Storage | undefined} Undefined where the browser lets this page keep nothing. */
function allowed() {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}

/** @param {string | null | undefined} text */
function parsed(text) {
  try {
    return JSON.parse(text ?? '{}')
  } catch {
    return {}
  }
}

/** @param {unknown} value */
function object(value) {
  return typeof value === 'object' && value !== null ? value : {}
}
