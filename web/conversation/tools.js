/** Functions that the model calls and the browser runs: those of the `colours` preset. Loaded when it calls one. */

/** @import {Tool} from '../types.js' */

import { ToolError } from '../realtime/conversation/index.js'
import { ELEMENTS } from './colours.js'

/** A colour that stands for itself: a name, #rgb, or a function of plain numbers. No `var()`, no `url()`. */
const COLOUR = /^(?:#[\da-f]{3,8}|[a-z]+|(?:rgba?|hsla?|hwb|(?:ok)?lab|(?:ok)?lch)\([\da-z\s.,%/+-]+\))$/i

/** Valid wherever a colour is, but not colours: with one of them the page could not be read any more. */
const NOT_COLOURS = new Set(['inherit', 'initial', 'unset', 'revert', 'transparent', 'currentcolor'])

/**
 * The functions of this page, by the names that the presets declare.
 *
 * @param {object} [page]
 * @param {Pick<CSSStyleDeclaration, 'setProperty'>} [page.style] Where the custom properties are set.
 * @param {(property: string, value: string) => boolean} [page.supports] `CSS.supports`.
 * @param {() => Date} [page.now]
 * @returns {Record<'set_colour' | 'get_time', Tool>}
 */
export function pageTools({
  style = document.documentElement.style,
  supports = (property, value) => CSS.supports(property, value),
  now = () => new Date()
} = {}) {
  return {
    set_colour: ({ element: part, colour }) => setColour(style, supports, part, colour),
    get_time: () => localTime(now())
  }
}

/**
 * @param {Pick<CSSStyleDeclaration, 'setProperty'>} style
 * @param {(property: string, value: string) => boolean} supports
 * @param {unknown} part
 * @param {unknown} colour
 */
function setColour(style, supports, part, colour) {
  const property = ELEMENTS.get(String(part))
  if (!property) throw new ToolError(`There is no element ${part}: use ${[...ELEMENTS.keys()].join(', ')}.`)
  const value = typeof colour === 'string' ? colour.trim() : ''
  const isColour = COLOUR.test(value) && !NOT_COLOURS.has(value.toLowerCase()) && supports('color', value)
  if (!isColour) throw new ToolError(`${colour} is not a CSS colour: use a name such as teal, or #rrggbb.`)
  style.setProperty(property, value)
  return { element: part, colour: value }
}

/** @param {Date} date */
function localTime(date) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const local = date.toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'short' })
  return { local, time_zone: timeZone, utc: date.toISOString() }
}
