/**
 * The element with this id. The page's script and its HTML are one piece: an element that is missing is a mistake.
 *
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @param {new () => Kind} [kind]
 * @returns {Kind}
 */
export function element(id, kind) {
  const found = document.getElementById(id)
  if (found instanceof (kind ?? HTMLElement)) return /** @type {Kind} */ (found)
  throw new TypeError(`index.html has no ${kind?.name ?? 'element'} with the id ${id}.`)
}

/**
 * A new element. Text enters the page here, and only as text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {...(string | Node)} content
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, className = '', ...content) {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.append(...content)
  return made
}

/**
 * Moves the focus away from what is going to be hidden, disabled or removed, if it is there: the browser would drop it.
 *
 * @param {HTMLElement} leaving
 * @param {HTMLElement[]} next Where it goes; the first that takes it, and else the button that calls, or signs in.
 */
export function moveFocus(leaving, ...next) {
  if (!leaving.contains(document.activeElement)) return
  for (const target of [...next, element('call'), element('sign-in')]) {
    target.focus()
    if (document.activeElement === target) return
  }
}
