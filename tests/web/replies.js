/** What servers reply to signaling, and its two ways. */

import { byEphemeralKey, relayed } from '../../web/realtime/index.js'
import { ANSWER } from './fakes.js'

export const CALLS_URL = 'https://upstream.example/v1/realtime/calls'

export const created = (location, headers) =>
  new Response(ANSWER, { status: 201, headers: { 'Content-Type': 'application/sdp', ...(location && { Location: location }), ...headers } })

export const minted = (value = 'ek_local_1', expires_at = 1) => Response.json({ value, expires_at, session: {} })

export const going = () => new AbortController().signal

export const WAYS = {
  relayed: { make: relayed, before: [] },
  'by ephemeral key': { make: byEphemeralKey, before: [minted] }
}
