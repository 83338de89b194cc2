/** Carries the offer out and the answer back. `signal` is aborted when the person hangs up meanwhile. */
export type Signaling = (offer: string, signal: AbortSignal) => Promise<Answered>

export interface Answered {
  answer: string
  /** `rtc_…`; undefined where the browser may not read the `Location` header. */
  callId: string | undefined
  /** Ends the call upstream; undefined where closing the connection is all that the client can do. */
  hangUp: (() => Promise<void>) | undefined
}

/** Where and how the server relays an offer. */
export interface RelayedOptions {
  /** The server's route; default `/session`. */
  url?: string
  preset?: string | undefined
  choices?: Record<string, string>
  fetch?: typeof globalThis.fetch
}

/** Where an ephemeral key is minted, and where it creates the call. */
export interface ByEphemeralKeyOptions {
  /** The server's route; default `/token`. */
  tokenUrl?: string
  /** The upstream's; default `https://api.openai.com/v1/realtime/calls`. */
  callsUrl?: string
  preset?: string | undefined
  choices?: Record<string, string>
  fetch?: typeof globalThis.fetch
}

export type CallState = 'idle' | 'connecting' | 'connected' | 'closed'

export interface CallOptions {
  /** False for a locked preset: audio only. Default true. */
  channel?: boolean
  /** A stream that stays its owner's to stop, or a function that opens one, which the call then stops. */
  microphone?: MediaStream | (() => Promise<MediaStream>)
  connection?: RTCPeerConnection
}

/** The events of a `Call`: each a `CustomEvent` with this `detail`. */
export interface CallEvents {
  /** `error` tells why the call is closed; undefined where somebody hung up. */
  state: { state: CallState; error: CallFailure | undefined }
  /** The microphone is open. */
  microphone: MediaStream
  /** The call exists upstream. */
  answered: { callId: string | undefined }
  /** The voice of the other side. */
  stream: MediaStream
  'server-event': ServerEvent
  'client-event': ClientEvent
}

export interface CallEventTarget extends EventTarget {
  addEventListener<Name extends keyof CallEvents>(
    type: Name,
    listener: (event: CustomEvent<CallEvents[Name]>) => void,
    options?: AddEventListenerOptions | boolean
  ): void
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean
  ): void
}

/** Any failure of a call: an `Error`, with what is known about where it came from. */
export interface CallFailure extends Error {
  code?: string | undefined
  /** The HTTP status; undefined where no answer came. */
  status?: number | undefined
  requestId?: string | undefined
}

/** What is sent on the data channel: see the API reference's client events. */
export interface ClientEvent {
  type: string
  event_id?: string
  [member: string]: unknown
}

/** What arrives on the data channel: the members that are read here. Everything else passes through untouched. */
export interface ServerEvent {
  type: string
  event_id?: string
  item_id?: string
  previous_item_id?: string | null
  content_index?: number
  delta?: string
  transcript?: string
  text?: string
  arguments?: string
  name?: string
  /** The tool call id: not the id of the call. */
  call_id?: string
  item?: Item
  response_id?: string
  response?: ServerResponse
  session?: { id?: string; type?: string; audio?: { input?: { transcription?: object | null } } }
  error?: EventError
}

export interface EventError {
  message: string
  type?: string
  code?: string | null
  param?: string | null
  /** The client event that caused it. */
  event_id?: string | null
}

export interface Item {
  id?: string
  type: string
  role?: string
  status?: string
  content?: { type: string; text?: string | null; transcript?: string | null }[]
  name?: string
  arguments?: string
  call_id?: string
  output?: string | null
}

export interface ServerResponse {
  id?: string
  status?: string
  status_details?: { type?: string; reason?: string; error?: { message?: string; type?: string; code?: string | null } | null } | null
  output?: Item[]
}
