/** The URLs of a server's routes, as the page gives them: with a query of their own, or a slash at the end. */

/**
 * @param {string} url May have a query of its own, and a slash at its end.
 * @returns {{path: string, query: URLSearchParams}}
 */
function parts(url) {
  const [path = '', query] = url.split('#', 1)[0]?.split(/\?(.*)/s, 2) ?? []
  return { path: path.replace(/(?<=[^/])\/+$/, ''), query: new URLSearchParams(query) }
}

/**
 * @param {string} url
 * @returns {string | undefined} The route beside it by which calls are hung up; undefined where that is not known.
 */
export function besideToken(url) {
  const { path } = parts(url)
  return /(^|\/)token$/.test(path) ? path.replace(/token$/, 'session') : undefined
}

/**
 * @param {string} url
 * @param {string} callId
 * @returns {string} The call's own URL.
 */
export function below(url, callId) {
  return `${parts(url).path}/${encodeURIComponent(callId)}`
}

/**
 * @param {string} url
 * @param {Record<string, string | number | undefined>} members Over those of the same name that the URL has already.
 */
export function withQuery(url, members) {
  const { path, query } = parts(url)
  for (const [name, value] of Object.entries(members)) if (value !== undefined) query.set(name, String(value))
  return `${path}?${query}`.replace(/\?$/, '')
}
