/** Lets the browser save a text as a file. */

import { make } from './element.js'

/**
 * @param {string} name Of the file.
 * @param {string} type
 * @param {string} content
 */
export function save(name, type, content) {
  const link = make('a')
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
