/** Functions that the model calls and the browser runs: those of the `colours` preset. */

/** @import {Tools} from '../types.js' */

import { element, moveFocus } from '../element.js'
import { ToolError } from '../realtime/conversation/index.js'

/** What may be painted, and the custom property that paints it. Nothing else of the page can be reached. */
const ELEMENTS = new Map([
  ['background', '--background'],
  ['text', '--text'],
  ['accent', '--accent']
])

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
 * @returns {Tools}
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

/** @param {Pick<CSSStyleDeclaration, 'removeProperty'>} [style] */
export function resetColours(style = document.documentElement.style) {
  for (const property of ELEMENTS.values()) style.removeProperty(property)
}

/** Shows the button that resets the colours, once a function of this page has painted something. */
export function offerReset(button = element('reset-colours'), { style } = document.documentElement) {
  const follow = () => {
    const painted = [...ELEMENTS.values()].some((property) => style.getPropertyValue(property) !== '')
    if (!painted) moveFocus(button)
    button.hidden = !painted
  }
  new MutationObserver(follow).observe(document.documentElement, { attributeFilter: ['style'] })
  button.addEventListener('click', () => resetColours(style))
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
