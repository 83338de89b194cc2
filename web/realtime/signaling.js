/**
 * Signaling carries the offer out and the answer back, over HTTP. It knows nothing of WebRTC or of the page.
 *
 * There are two makers of the same function, one for each interface of the Realtime API, so that a call cannot tell
 * them apart.
 */

/**
 * @import {Answered, Bearer, ByEphemeralKeyOptions, MintedKey, PreparedSignaling, RelayedOptions, Signaling, TakenKey,
 *   Usage, UsageOptions} from './types.js'
 */

import { EphemeralKeys } from './keys.js'

const SDP = 'application/sdp'

/** How long a server may take. API Gateway answers within 30 seconds, so that no call begins later than that. */
const REQUEST_TIMEOUT_MS = 35_000

/** What a hang-up results in that may not have been heard of, and of which nothing is to be said. */
const UNKNOWN = false

/** Where a server that does not say it, being another than ours, has its keys from. */
const OPENAI_CALLS_URL = 'https://api.openai.com/v1/realtime/calls'

/** Thrown when the offer was not answered: by our server, by the upstream, or by nobody. */
export class SignalingError extends Error {
  name = 'SignalingError'

  /**
   * @param {string} message What happened, in the words of whoever refused.
   * @param {object} details
   * @param {string} details.code The contract's or the upstream's code; `unreachable` where no answer came.
   * @param {number | undefined} [details.status] The HTTP status; undefined where no answer came.
   * @param {string | undefined} [details.requestId] Names this failure in the server's log.
   * @param {number | undefined} [details.retryAfter] In seconds: when it makes sense to try again.
   * @param {unknown} [details.cause]
   */
  constructor(message, { code, status, requestId, retryAfter, cause }) {
    super(message, { cause })
    this.code = code
    this.status = status
    this.requestId = requestId
    this.retryAfter = retryAfter
  }
}

/**
 * The unified interface: our server relays the offer together with its own session config.
 *
 * @param {RelayedOptions} [options]
 * @returns {Signaling} Throws {@link SignalingError} when the offer is refused.
 */
export function relayed({ url = '/session', preset, choices = {}, dcid, bearer, fetch = globalThis.fetch } = {}) {
  /** @type {Signaling} */
  const signaling = async (offer, signal) => {
    signal.throwIfAborted()
    // Once it is sent it is not aborted: the call would live on upstream, and nobody would know its id.
    const request = { method: 'POST', headers: { 'Content-Type': SDP }, body: offer }
    const response = await send(fetch, withQuery(url, { preset, ...choices, dcid }), request, bearer)
    const callId = callIdOf(response)
    const hangUp = callId === undefined ? undefined : () => endCall(fetch, below(url, callId), bearer)
    return { answer: await answerOf(response, hangUp), callId, hangUp, seconds: secondsIn(response, 'x-call-seconds') }
  }
  return Object.assign(signaling, { dcid })
}

/**
 * The ephemeral key: our server mints one, and the browser creates the call at the upstream with it. A key is good for
 * one call, so each call has its own. It is minted while the microphone is asked for; `prepare()`, for example when the
 * person moves to the button, mints it sooner still.
 *
 * @param {ByEphemeralKeyOptions} [options]
 * @returns {PreparedSignaling} Throws {@link SignalingError} when no key is given or the offer is refused.
 */
export function byEphemeralKey({
  tokenUrl = '/token',
  callsUrl,
  sessionUrl = besideToken(tokenUrl),
  preset,
  choices = {},
  dcid,
  bearer,
  fetch = globalThis.fetch
} = {}) {
  const mintUrl = withQuery(tokenUrl, { preset, ...choices })
  const keys = new EphemeralKeys(async () => keyOf(await send(fetch, mintUrl, {}, bearer), callsUrl))
  /** @type {(offer: string, key: TakenKey, signal: AbortSignal) => Promise<Answered>} */
  const create = async (offer, { value, callsUrl }, signal) => {
    const response = await send(fetch, withQuery(callsUrl, { dcid }), {
      method: 'POST',
      headers: { Authorization: `Bearer ${value}`, 'Content-Type': SDP },
      body: offer,
      signal
    })
    const callId = callIdOf(response)
    // An ephemeral key cannot hang up, but our server can. Nothing is lost where it does not: the upstream ends the call
    // when the connection closes.
    const hangUp = callId && sessionUrl ? () => endCall(fetch, below(sessionUrl, callId), bearer).catch(() => UNKNOWN) : undefined
    return { answer: await answerOf(response, hangUp), callId, hangUp }
  }
  /** @type {PreparedSignaling['begin']} */
  const begin = (signal) => {
    signal.throwIfAborted()
    const key = keys.take(signal)
    return async (offer) => {
      const taken = await key()
      return create(offer, taken, signal).catch(async (error) => {
        // A key that waited may have expired by the upstream's clock. A refused key has created no call.
        if (!(taken.early && error.status === 401)) throw error
        return create(offer, await keys.take(signal)(), signal)
      })
    }
  }
  /** @type {Signaling} */
  const signaling = async (offer, signal) => begin(signal)(offer)
  return Object.assign(signaling, { begin, prepare: () => keys.prepare(), dcid })
}

/**
 * The person's own minutes of today, as the server tells them.
 *
 * @param {UsageOptions} [options]
 * @returns {Promise<Usage>}
 * @throws {SignalingError} When the server does not tell.
 */
export async function usage({ url = '/usage', bearer, fetch = globalThis.fetch, signal } = {}) {
  const response = await send(fetch, url, { signal }, bearer)
  const told = parsed(await bodyOf(response))
  if (typeof told?.limits === 'object') return told
  throw unusable(response, 'the minutes of today', 'invalid_answer')
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 * @param {Bearer | undefined} bearer
 */
async function endCall(fetch, url, bearer) {
  try {
    // `keepalive`: sent even while the page goes away.
    await send(fetch, url, { method: 'DELETE', keepalive: true }, bearer)
  } catch (error) {
    if (!(error instanceof SignalingError && knowsNoSuchCall(error))) throw error
  }
}

/**
 * Whether the call is over already. A 404 that names no reason is a gateway's or a static host's, and `not_found` means
 * that there is no such route: then the call goes on, and costs.
 *
 * @param {SignalingError} error
 */
function knowsNoSuchCall({ status, code }) {
  return status === 404 && code !== 'not_found' && code !== 'status_404'
}

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
function besideToken(url) {
  const { path } = parts(url)
  return /(^|\/)token$/.test(path) ? path.replace(/token$/, 'session') : undefined
}

/**
 * @param {string} url
 * @param {string} callId
 * @returns {string} The call's own URL.
 */
function below(url, callId) {
  return `${parts(url).path}/${encodeURIComponent(callId)}`
}

/**
 * @param {string} url
 * @param {Record<string, string | number | undefined>} members Over those of the same name that the URL has already.
 */
function withQuery(url, members) {
  const { path, query } = parts(url)
  for (const [name, value] of Object.entries(members)) if (value !== undefined) query.set(name, String(value))
  return `${path}?${query}`.replace(/\?$/, '')
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 * @param {{method?: string, headers?: Record<string, string>, body?: string, keepalive?: boolean, signal?: AbortSignal | undefined}} request
 * @param {Bearer} [bearer] Where people sign in to the server: what it throws is thrown as it is.
 */
async function send(fetch, url, { signal, ...request }, bearer) {
  const authorization = bearer && { Authorization: `Bearer ${await bearer()}` }
  const headers = { ...request.headers, ...authorization }
  const response = await fetch(url, { ...request, headers, signal: limited(signal) }).catch((/** @type {Error} */ error) => {
    if (signal?.aborted) throw error
    throw unreachable(url, error)
  })
  if (!response.ok) throw await refusal(response)
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
async function refusal(response) {
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

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * @param {Response} response
 * @param {string | undefined} callsUrl Where the page itself says it.
 * @returns {Promise<MintedKey>}
 */
async function keyOf(response, callsUrl) {
  const key = parsed(await bodyOf(response))
  const told = callsUrl ?? response.headers.get('x-calls-url') ?? OPENAI_CALLS_URL
  if (typeof key?.value === 'string') return { ...key, callsUrl: told }
  throw unusable(response, 'an ephemeral key', 'invalid_key')
}

/**
 * @param {Response} response
 * @param {Answered['hangUp']} hangUp Ends the call, which exists whether its answer can be used or not.
 */
async function answerOf(response, hangUp) {
  try {
    return await readAnswer(response)
  } catch (error) {
    // What is wrong with the answer is the one to tell, and it is told at once.
    hangUp?.().catch(() => {})
    throw error
  }
}

/** @param {Response} response */
async function readAnswer(response) {
  const answer = await bodyOf(response)
  if (answer.startsWith('v=')) return answer
  throw unusable(response, 'an SDP answer', 'invalid_answer')
}

/** @param {Response} response */
function bodyOf(response) {
  return response.text().catch((/** @type {Error} */ error) => {
    throw unreachable(response.url, error)
  })
}

/**
 * A static host answers any path with its own page and 200.
 *
 * @param {Response} response
 * @param {string} wanted
 * @param {string} code
 */
function unusable({ status, headers }, wanted, code) {
  return new SignalingError(`The server answered with something that is not ${wanted}.`, {
    code,
    status,
    requestId: headers.get('x-request-id') ?? undefined
  })
}

/**
 * The call id is the last segment of `Location`.
 *
 * @param {Response} response
 */
function callIdOf(response) {
  const location = response.headers.get('location')
  return location?.split(/[?#]/, 1)[0]?.split('/').pop() || undefined
}

/**
 * @param {Response} response
 * @param {string} header
 * @returns {number | undefined} Undefined where it is not there, or is a date.
 */
function secondsIn({ headers }, header) {
  const text = headers.get(header) ?? ''
  return /^\d+$/.test(text) ? Number(text) : undefined
}
