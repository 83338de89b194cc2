/** Carries the offer out and the answer back. Any function that does will do; the members are for speed. */
export interface Signaling {
  /** `signal` is aborted when the person hangs up meanwhile. */
  (offer: string, signal: AbortSignal): Promise<Answered>
  /** Does ahead what a call needs, for example when the person moves to the button. It creates no call, and never rejects. */
  prepare?: () => Promise<void>
  /** What a call asks for at once, while the microphone is opened: the function that will take its offer. Creates no call. */
  begin?: (signal: AbortSignal) => (offer: string) => Promise<Answered>
  /** The id under which the other side makes the data channel by itself. */
  dcid?: number | undefined
}

/** Signaling that can do something ahead. */
export type PreparedSignaling = Signaling & Required<Pick<Signaling, 'prepare' | 'begin'>>

export interface Answered {
  answer: string
  /** `rtc_…`; undefined where the browser may not read the `Location` header. */
  callId: string | undefined
  /** Ends the call upstream; undefined where closing the connection is all that the client can do. */
  hangUp: (() => Promise<void>) | undefined
  /** How long the server lets the call last; undefined without a limit, and for a call by ephemeral key. */
  seconds?: number | undefined
}

/** What both ways to signal have in common. */
export interface ServerOptions {
  preset?: string | undefined
  /** What the preset lets the client choose, for example `{ voice: 'marin' }`. */
  choices?: Record<string, string>
  /**
   * A free data channel id, for example 0: both sides make the channel by themselves, which saves a round trip
   * (OpenAI's WARP guide). An upstream that takes no notice of it costs two seconds instead.
   */
  dcid?: number | undefined
  /** Where people sign in: gives the token that the server lets in, asked before each request to it. */
  bearer?: Bearer | undefined
  fetch?: typeof globalThis.fetch
}

export type Bearer = () => string | Promise<string>

/** Where and how the server relays an offer. */
export interface RelayedOptions extends ServerOptions {
  /** The server's route, which may have a query: the other options are added to it; default `/session`. */
  url?: string
}

/** Where an ephemeral key is minted, and where it creates the call. */
export interface ByEphemeralKeyOptions extends ServerOptions {
  /** The server's route, which may have a query: the other options are added to it; default `/token`. */
  tokenUrl?: string
  /**
   * The server's route below which a call is hung up, so that the rest of the minutes that its key has reserved is given
   * back; default `session` beside a `tokenUrl` that ends in `token`.
   */
  sessionUrl?: string | undefined
  /** The upstream's; default `https://api.openai.com/v1/realtime/calls`. */
  callsUrl?: string
}

/** Where the server tells a person's minutes. */
export interface UsageOptions {
  /** The server's route; default `/usage`. */
  url?: string
  /** As for a call. */
  bearer?: Bearer | undefined
  fetch?: typeof globalThis.fetch
}

/** The answer of `GET /usage`: the person's own minutes of today, which is a day in UTC. */
export interface Usage {
  /** `max_call_minutes`, `calls_at_once`, `minutes_per_person_per_day`, `minutes_per_day`: null where there is no limit. */
  limits: Record<string, number | null>
  /** All reserved seconds of open calls included; null without limits, as is the next. */
  used_seconds: number | null
  /** Until the person's limit or everybody's, whichever is sooner. */
  left_seconds: number | null
  resets_in_seconds: number
  /** Those that are open; times are in seconds since 1970, by the server's clock. */
  calls: { call_id: string; preset: string; started_at: number; ends_at: number }[]
}

/** In US dollars per million tokens. */
export interface Prices {
  /** Of the day on which they were looked up. */
  date: string
  source: string
  models: Record<string, ModelPrices>
}

export type ModelPrices = Record<'text' | 'audio' | 'image', { input: number; cached: number; output?: number }>

/** A key that waits for its call. */
export interface EphemeralKey {
  value: string
  /** In milliseconds of `performance.now()`. */
  goodUntil: number
}

/** A stream that stays its owner's to stop, or a function that opens one, which the call then stops. */
export type Microphone = MediaStream | (() => Promise<MediaStream>)

export interface MicrophoneChoice {
  /** Of `microphones()`; without it the browser's own choice. */
  deviceId?: string | undefined
}

export interface MicrophoneDevice {
  deviceId: string
  /** As the person knows it. */
  label: string
}

export interface MeterOptions {
  /** Default: one that all meters share. */
  context?: AudioContext
}

/** When a step of a call was reached, in milliseconds since `connect`. */
export interface CallTimings {
  /** The microphone is open. */
  microphone?: number
  /** The answer is here: the call exists upstream. */
  answered?: number
  /** Audio can flow. */
  connected?: number
  /** The other side was heard: the first sound that is not silence. */
  firstAudio?: number
}

/** Since the call began, but for the first two, which are of the moment. Undefined: not measured, or not by this browser. */
export interface CallStatistics {
  roundTripMs: number | undefined
  jitterMs: number | undefined
  /** The share of the other side's packets that did not arrive, 0 to 1. */
  lossRatio: number | undefined
  packetsReceived: number | undefined
  packetsSent: number | undefined
  bytesReceived: number | undefined
  bytesSent: number | undefined
}

export type CallState = 'idle' | 'connecting' | 'connected' | 'closed'

export interface CallOptions {
  /** False for a locked preset: audio only. Default true. */
  channel?: boolean
  /** Default: `openMicrophone`. */
  microphone?: Microphone
  connection?: RTCPeerConnection
}

/** The events of a `Call`: each a `CustomEvent` with this `detail`. */
export interface CallEvents {
  /** `error` tells why the call is closed; undefined where somebody hung up. */
  state: { state: CallState; error: CallFailure | undefined }
  /** The microphone is open, or another one is. */
  microphone: MediaStream
  /** Whether the microphone is heard, which has nothing to do with `muted`. */
  'microphone-state': MicrophoneStateChange
  /** A step was reached: all timings so far. */
  timings: CallTimings
  /** The call exists upstream. */
  answered: { callId: string | undefined }
  /** Once, when a minute or less is left before the call is hung up at its time limit. */
  ending: { secondsLeft: number }
  /** The voice of the other side. */
  stream: MediaStream
  'server-event': ServerEvent
  /** It was sent. */
  'client-event': ClientEvent
  /** It had waited for the data channel, and is larger than the other side takes: it was not sent, the others were. */
  'client-event-refused': RefusedClientEvent
}

/**
 * `interrupted`: the system has taken the microphone, and gives it back. `ended`: it has stopped; where the call had
 * opened it, it is opened again at once, or, where that fails, when there is another device or the page is seen again.
 */
export interface MicrophoneStateChange {
  state: 'live' | 'interrupted' | 'ended'
  /** `microphone_interrupted` or `microphone_ended`, in words; undefined where it is heard. */
  error: import('./microphone.js').MicrophoneError | undefined
}

export interface RefusedClientEvent {
  event: ClientEvent
  /** `event_too_large`. */
  error: import('./client-event-error.js').ClientEventError
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
  /** In how many seconds it makes sense to try again, as far as the server knows. */
  retryAfter?: number | undefined
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
  audio_end_ms?: number
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
  session?: { id?: string; type?: string; model?: string; audio?: { input?: { transcription?: object | null } } }
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
  /** The items of MCP (`mcp_approval_request`, `mcp_approval_response`, `mcp_call`, `mcp_list_tools`). */
  server_label?: string
  approval_request_id?: string | null
  approve?: boolean
  error?: { message?: string } | null
}

export interface ServerResponse {
  id?: string
  status?: string
  status_details?: { type?: string; reason?: string; error?: { message?: string; type?: string; code?: string | null } | null } | null
  output?: Item[]
  /** In `response.done`. */
  usage?: ResponseUsage | null
}

export interface ResponseUsage {
  input_token_details?: TokenDetails & { cached_tokens_details?: TokenDetails }
  output_token_details?: TokenDetails
}

/** Numbers of tokens. */
export interface TokenDetails {
  text_tokens?: number
  audio_tokens?: number
  image_tokens?: number
}
