/**
 * Signaling carries the offer out and the answer back, over HTTP.
 *
 * There are two makers of the same function, one for each interface of the Realtime API, so that a call cannot tell
 * them apart.
 */

/** @import {Answered, ByEphemeralKeyOptions, PreparedSignaling, RelayedOptions, Signaling, TakenKey} from './types.js' */

import { answerOf, callIdOf, endCall } from './answer.js'
import { EphemeralKeys, keyOf } from './keys.js'
import { secondsIn, send } from './request.js'
import { below, besideToken, withQuery } from './url.js'

const SDP = 'application/sdp'

/** What a hang-up results in that may not have been heard of, and of which nothing is to be said. */
const UNCONFIRMED = false

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
    const hangUp = callId && sessionUrl ? () => endCall(fetch, below(sessionUrl, callId), bearer).catch(() => UNCONFIRMED) : undefined
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
