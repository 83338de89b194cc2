/** The colours of the page, which a function of the `colours` preset sets. */

import { element, moveFocus } from '../element.js'

/** What may be painted, and the custom property that paints it. Nothing else of the page can be reached. */
export const ELEMENTS = new Map([
  ['background', '--background'],
  ['text', '--text'],
  ['accent', '--accent']
])

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
