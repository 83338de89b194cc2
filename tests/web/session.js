import { Agent } from '../../web/realtime/conversation/agent.js'
import { Latency } from '../../web/realtime/conversation/latency.js'
import { RealtimeEvents } from '../../web/realtime/conversation/realtime-events.js'
import { Transcript } from '../../web/realtime/conversation/transcript.js'
import { Usage } from '../../web/realtime/conversation/usage.js'

/** A realtime session: what is made of its events, what it sends, and what it says is wrong. */
export function aSession(transcript = new Transcript(), tools = {}) {
  const agent = new Agent()
  const latency = new Latency()
  const usage = new Usage()
  const [sent, errors] = [[], []]
  const send = (event) => Boolean(sent.push(event))
  const fail = (error) => errors.push(error)
  const session = new RealtimeEvents({ transcript, agent, latency, usage, tools, send, fail, changed() {}, close() {} })
  return { session, transcript, agent, latency, usage, sent, errors }
}
