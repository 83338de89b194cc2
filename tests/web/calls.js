/** Calls between a browser and an upstream that are not there. */

import { Call } from '../../web/realtime/index.js'
import { ANSWER, FakePeerConnection, fakeMicrophone, listening, settled } from './fakes.js'

/** A call whose signaling answers at once, with everything that a test may look at. */
export function aCall({ signaling, ...options } = {}) {
  const connection = new FakePeerConnection()
  const microphone = fakeMicrophone()
  const upstream = { offers: [], hangUps: 0 }
  const answering = async (offer) => {
    upstream.offers.push(offer)
    return { answer: ANSWER, callId: 'rtc_1', hangUp: async () => void upstream.hangUps++ }
  }
  const call = new Call(signaling ?? answering, { connection, microphone: async () => microphone, ...options })
  const states = []
  call.addEventListener('state', ({ detail: { state, error } }) => states.push(error ? [state, error.code] : state))
  return { call, connection, microphone, upstream, states }
}

/** A call that is up. */
export async function aConnectedCall(options) {
  const made = aCall(options)
  const connecting = made.call.connect()
  await settled()
  made.connection.become('connected')
  await connecting
  await listening()
  return made
}

/** The details of all events of one name, from now on. */
export const heard = (call, name) => {
  const details = []
  call.addEventListener(name, ({ detail }) => details.push(detail))
  return details
}
