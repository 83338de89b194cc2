/** One request of signaling, and what is read of its response. */

/** @import {Bearer} from './types.js' */

import { SignalingError } from './signaling-error.js'

/** How long a server may take. API Gateway answers within 30 seconds, so that no call begins later than that. */
const REQUEST_TIMEOUT_MS = 35_000

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 * @param {{method?: string, headers?: Record<string, string>, body?: string, keepalive?: boolean, signal?: AbortSignal | undefined}} request
 * @param {Bearer} [bearer] Where people sign in to the server: what it throws is thrown as it is.
 */
export async function send(fetch, url, { signal, ...request }, bearer) {
  const authorization = bearer && { Authorization: `Bearer ${await bearer()}` }
  const headers = { ...request.headers, ...authorization }
  const response = await fetch(url, { ...request, headers, signal: limited(signal) }).catch((/** @type {Error} */ error) => {
    if (signal?.aborted) throw error
    throw unreachable(url, error)
  })
  if (!response.ok) throw await errorFrom(response)
  return response
}

/**
 * The same signal, aborted at the latest when a server has had its time. `AbortSignal.any` is missing in Safari 16.
 *
 * @param {AbortSignal | undefined} signal
 */
function limited(signal) {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
  if (!signal || signal.aborted) return signal ?? timeout
  const either = new AbortController()
  for (const one of [signal, timeout]) one.addEventListener('abort', () => either.abort(one.reason))
  return either.signal
}

/**
 * @param {string} url
 * @param {Error} cause
 */
function unreachable(url, cause) {
  const path = url.split('?', 1)[0]
  const message = `No answer from ${path}. Check that you are online, that the server runs, and that it allows this page's origin.`
  return new SignalingError(message, { code: 'unreachable', cause })
}

/**
 * Reads the contract's error shape, which is the upstream's too; a gateway's own `{"message"}`; or plain text.
 *
 * @param {Response} response
 */
async function errorFrom(response) {
  const { status, headers } = response
  const text = await response.text().catch(() => '')
  const body = parsed(text)
  const error = body?.error?.message === undefined ? { message: body?.error ?? body?.message } : body.error
  // A page of HTML says nothing to a person: the status does.
  const said = typeof error.message === 'string' ? error.message : text.trimStart().startsWith('<') ? '' : text
  return new SignalingError(said || `The server answered with status ${status}.`, {
    code: error.code ?? error.type ?? `status_${status}`,
    status,
    requestId: error.request_id ?? headers.get('x-request-id') ?? headers.get('apigw-requestid') ?? undefined,
    retryAfter: secondsIn(response, 'retry-after')
  })
}

/**
 * @param {Response} response
 * @returns {Promise<any>} Undefined where it is no JSON.
 */
export async function jsonOf(response) {
  return parsed(await bodyOf(response))
}

/** @param {Response} response */
export function bodyOf(response) {
  return response.text().catch((/** @type {Error} */ error) => {
    throw unreachable(response.url, error)
  })
}

/**
 * @param {Response} response
 * @param {string} header
 * @returns {number | undefined} Undefined where it is not there, or is a date.
 */
export function secondsIn({ headers }, header) {
  const text = headers.get(header) ?? ''
  return /^\d+$/.test(text) ? Number(text) : undefined
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
