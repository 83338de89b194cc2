import { Agent } from '../../web/realtime/conversation/agent.js'
import { Latency } from '../../web/realtime/conversation/latency.js'
import { RealtimeEvents } from '../../web/realtime/conversation/realtime-events.js'
import { Transcript } from '../../web/realtime/conversation/transcript.js'
import { Usage } from '../../web/realtime/conversation/usage.js'

/** A session: what is made of its events, what it sends, what it says is wrong, why it ended, and how often it changed without an event. */
export function aSession({ Events = RealtimeEvents, transcript = new Transcript(), tools = {} } = {}) {
  const agent = new Agent()
  const latency = new Latency()
  const usage = new Usage()
  const [sent, errors, ends] = [[], [], []]
  const told = { changes: 0 }
  const send = (event) => Boolean(sent.push(event))
  const fail = (error) => errors.push(error)
  const close = (error) => ends.push(error)
  const changed = () => (told.changes += 1)
  const session = new Events({ transcript, agent, latency, usage, tools, send, fail, changed, close })
  return { session, transcript, agent, latency, usage, sent, errors, ends, told }
}
