/** Copies a text, and says whether that worked: on the button, and to a screen reader. */

const SHOWN_MS = 2_000

/**
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
export async function copy(button, text) {
  const label = (button.dataset.label ??= button.textContent ?? '')
  // An open dialog silences what is outside of it.
  const status = (button.closest('dialog') ?? document).querySelector('.copied')
  const show = (/** @type {string} */ shown, said = '') => {
    button.textContent = shown
    if (status) status.textContent = said
  }
  const result = (await isCopied(text)) ? 'Copied' : 'Could not copy'
  show(result, result)
  setTimeout(() => show(label), SHOWN_MS)
}

/** @param {string} text */
async function isCopied(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch (error) {
    // There is no clipboard on plain HTTP, and the browser or the person may refuse it.
    if (error instanceof TypeError || error instanceof DOMException) return false
    throw error
  }
}
