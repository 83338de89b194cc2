/** A small plot of figures over time: the path of it, and the same in words. Pure functions. */

/**
 * @param {readonly number[]} values
 * @param {{width: number, height: number}} size
 * @returns {string} The `points` of an SVG polyline: the newest at the right, the largest at the top; empty for fewer than two.
 */
export function points(values, { width, height }) {
  const top = Math.max(...values, 1)
  const step = width / (values.length - 1)
  if (values.length < 2) return ''
  return values.map((value, n) => `${round(n * step)},${round(height - (value / top) * height)}`).join(' ')
}

/**
 * @param {readonly number[]} values Round trips in milliseconds, one a second.
 * @returns {string}
 */
export function inWords(values) {
  const newest = values.at(-1)
  if (newest === undefined) return 'Nothing measured yet.'
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return `Round trip over the last ${values.length} s: now ${Math.round(newest)} ms, between ${Math.round(least)} and ${Math.round(most)} ms.`
}

/**
 * @param {readonly number[]} values
 * @returns {number | undefined} Undefined for none.
 */
export function median(values) {
  const sorted = values.toSorted((one, other) => one - other)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10
}
