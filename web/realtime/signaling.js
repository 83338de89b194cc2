/**
 * Signaling carries the offer out and the answer back, over HTTP. It knows nothing of WebRTC or of the page.
 *
 * There are two makers of the same function, one for each interface of the Realtime API, so that a call cannot tell
 * them apart.
 */

/** @import {ByEphemeralKeyOptions, RelayedOptions, Signaling} from './types.js' */

const SDP = 'application/sdp'

/** Thrown when the offer was not answered: by our server, by the upstream, or by nobody. */
export class SignalingError extends Error {
  name = 'SignalingError'

  /**
   * @param {string} message What happened, in the words of whoever refused.
   * @param {object} details
   * @param {string} details.code The contract's or the upstream's code; `unreachable` where no answer came.
   * @param {number | undefined} [details.status] The HTTP status; undefined where no answer came.
   * @param {string | undefined} [details.requestId] Names this failure in the server's log.
   * @param {unknown} [details.cause]
   */
  constructor(message, { code, status, requestId, cause }) {
    super(message, { cause })
    this.code = code
    this.status = status
    this.requestId = requestId
  }
}

/**
 * The unified interface: our server relays the offer together with its own session config.
 *
 * @param {RelayedOptions} [options]
 * @returns {Signaling} Throws {@link SignalingError} when the offer is refused.
 */
export function relayed({ url = '/session', preset, choices = {}, fetch = globalThis.fetch } = {}) {
  return async (offer, signal) => {
    signal.throwIfAborted()
    // Once it is sent it is not aborted: the call would live on upstream, and nobody would know its id.
    const response = await send(fetch, withQuery(url, preset, choices), {
      method: 'POST',
      headers: { 'Content-Type': SDP },
      body: offer
    })
    const callId = callIdOf(response)
    const hangUp = callId === undefined ? undefined : () => endCall(fetch, `${url}/${encodeURIComponent(callId)}`)
    return { answer: await answerOf(response), callId, hangUp }
  }
}

/**
 * The ephemeral key: our server mints one, and the browser creates the call at the upstream with it. A key is good for
 * one call, so each call asks for its own.
 *
 * @param {ByEphemeralKeyOptions} [options]
 * @returns {Signaling} Throws {@link SignalingError} when no key is given or the offer is refused.
 */
export function byEphemeralKey({
  tokenUrl = '/token',
  callsUrl = 'https://api.openai.com/v1/realtime/calls',
  preset,
  choices = {},
  fetch = globalThis.fetch
} = {}) {
  return async (offer, signal) => {
    const minted = await send(fetch, withQuery(tokenUrl, preset, choices), { signal })
    const response = await send(fetch, callsUrl, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await keyOf(minted)}`, 'Content-Type': SDP },
      body: offer,
      signal
    })
    // An ephemeral key cannot hang up: the upstream ends the call when the connection closes.
    return { answer: await answerOf(response), callId: callIdOf(response), hangUp: undefined }
  }
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 */
async function endCall(fetch, url) {
  try {
    // `keepalive`: sent even while the page goes away.
    await send(fetch, url, { method: 'DELETE', keepalive: true })
  } catch (error) {
    const alreadyEnded = error instanceof SignalingError && error.status === 404
    if (!alreadyEnded) throw error
  }
}

/**
 * @param {string} url
 * @param {string | undefined} preset
 * @param {Record<string, string>} choices
 */
function withQuery(url, preset, choices) {
  const query = new URLSearchParams(preset === undefined ? choices : { preset, ...choices }).toString()
  return query === '' ? url : `${url}?${query}`
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 * @param {RequestInit} request
 */
async function send(fetch, url, request) {
  const response = await fetch(url, request).catch((/** @type {Error} */ error) => {
    if (request.signal?.aborted) throw error
    throw unreachable(url, error)
  })
  if (!response.ok) throw await refusal(response)
  return response
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
  const text = await response.text()
  const body = parsed(text)
  const error = body?.error?.message === undefined ? { message: body?.error ?? body?.message } : body.error
  // A page of HTML says nothing to a person: the status does.
  const said = typeof error.message === 'string' ? error.message : text.trimStart().startsWith('<') ? '' : text
  return new SignalingError(said || `The server answered with status ${status}.`, {
    code: error.code ?? error.type ?? `status_${status}`,
    status,
    requestId: error.request_id ?? headers.get('x-request-id') ?? headers.get('apigw-requestid') ?? undefined
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

/** @param {Response} response */
async function keyOf(response) {
  const value = parsed(await response.text())?.value
  if (typeof value === 'string') return value
  throw new SignalingError('The server answered with something that is not an ephemeral key.', {
    code: 'invalid_key',
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? undefined
  })
}

/** @param {Response} response */
async function answerOf(response) {
  const answer = await response.text()
  // A static host answers any path with its own page and 200.
  if (answer.startsWith('v=')) return answer
  throw new SignalingError('The server answered with something that is not an SDP answer.', {
    code: 'invalid_answer',
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? undefined
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
