/**
 * A time of today or tomorrow as the person's own clock shows it.
 *
 * @param {number} seconds From now, less than a day.
 * @param {number} [now] In milliseconds since 1970.
 * @returns {string} `at 01:00 tomorrow`
 */
export function timeOfDay(seconds, now = Date.now()) {
  // To the minute: the server's clock and this one differ by some seconds.
  const time = new Date(Math.round((now + seconds * 1000) / 60_000) * 60_000)
  const day = time.getDate() === new Date(now).getDate() ? 'today' : 'tomorrow'
  return `at ${time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })} ${day}`
}
