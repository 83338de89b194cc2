/** Fields: there keys write or choose, and must do nothing else. */

const FIELDS = 'input, select, textarea, [contenteditable]'

/**
 * @param {EventTarget | null} target
 * @returns {HTMLElement | null} The field that it is, or is in.
 */
export function fieldOf(target) {
  return target instanceof HTMLElement ? target.closest(FIELDS) : null
}

/**
 * Whether a key belongs to an input method, which is choosing a character. Safari ends the choice before the key that ends it;
 * its code is 229 then.
 *
 * @param {KeyboardEvent} event
 */
export function isComposing({ isComposing, keyCode }) {
  return isComposing || keyCode === 229
}
