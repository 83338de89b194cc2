/** Copies a text, and says on the button whether that worked. */

const SHOWN_MS = 2_000

/**
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
export async function copy(button, text) {
  const label = (button.dataset.label ??= button.textContent ?? '')
  button.textContent = (await isCopied(text)) ? 'Copied' : 'Could not copy'
  setTimeout(() => (button.textContent = label), SHOWN_MS)
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
