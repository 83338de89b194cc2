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

/** What came back for an offer. */
export interface Answered {
  /** The SDP of the other side. */
  answer: string
  /** `rtc_…`; undefined where the browser may not read the `Location` header. */
  callId: string | undefined
  /**
   * Ends the call upstream; false where it is not known whether that was heard of, and it does not matter. Undefined where
   * closing the connection is all that the client can do.
   */
  hangUp: (() => Promise<void | boolean>) | undefined
  /** How long the server lets the call last; undefined without a limit, and for a call by ephemeral key. */
  seconds?: number | undefined
}

/** What both ways to signal have in common. */
export interface ServerOptions {
  preset?: string | undefined
  /** What the preset lets the client choose, for example `{ voice: 'marin' }`. */
  choices?: Record<string, string | number | boolean>
  /**
   * A free data channel id, for example 0: both sides make the channel by themselves, which saves a round trip
   * (OpenAI's WARP guide). An upstream that takes no notice of it costs two seconds instead.
   */
  dcid?: number | undefined
  /** Where people sign in: gives the token that the server lets in, asked before each request to it. */
  bearer?: Bearer | undefined
  /** Default: the browser's own. */
  fetch?: typeof globalThis.fetch
}

/** Gives the token by which the server knows a person: asked before each request, since tokens expire. What it throws, the request fails with. */
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
  /** The upstream's; default what the server's answer says (`X-Calls-Url`), or else OpenAI's. */
  callsUrl?: string | undefined
}

/** Where the server tells a person's minutes. */
export interface UsageOptions {
  /** The server's route; default `/usage`. */
  url?: string
  /** As for a call. */
  bearer?: Bearer | undefined
  /** Default: the browser's own. */
  fetch?: typeof globalThis.fetch
  /** Gives up asking. */
  signal?: AbortSignal | undefined
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

/** What each kind of token of a model costs, by whether it is read, read again from the cache, or written. */
export type ModelPrices = Record<'text' | 'audio' | 'image', { input: number; cached: number; output?: number }>

/** What the server answers, and where it is used. */
export interface MintedKey {
  value: string
  /** In seconds since 1970. */
  expires_at?: number
  callsUrl: string
}

/** A key for the call that begins. */
export interface TakenKey {
  value: string
  callsUrl: string
  /** Whether it had been minted before. */
  early: boolean
}

/** A key that waits for its call. */
export interface EphemeralKey {
  value: string
  callsUrl: string
  /** In milliseconds of `performance.now()`. */
  goodUntil: number
}

/** A stream that stays its owner's to stop, or a function that opens one, which the call then stops. */
export type Microphone = MediaStream | (() => Promise<MediaStream>)

/** Which microphone to open. */
export interface OpenMicrophoneOptions {
  /** Of `microphones()`; without it the browser's own choice. */
  deviceId?: string | undefined
  /** Default: `navigator.mediaDevices`. */
  devices?: MediaDevices | undefined
}

/** A microphone that a person can choose. */
export interface MicrophoneDevice {
  deviceId: string
  /** As the person knows it. */
  label: string
}

/** What a meter measures with. */
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

/** A call goes from `idle` to `connecting`, `connected` and `closed`; from each of them it may go to `closed`. */
export type CallState = 'idle' | 'connecting' | 'connected' | 'closed'

/** How connecting is given up. */
export interface ConnectSignal {
  /** Hangs up when it is aborted, as long as the call is not up: `connect` rejects at once, with its reason. */
  signal?: AbortSignal | undefined
}

/** What a call is made with. */
export interface CallOptions {
  /** False for a locked preset: audio only. Default true. */
  channel?: boolean
  /** Default: `openMicrophone`. Null: none, until there is one; the person types meanwhile. */
  microphone?: Microphone | null
  /**
   * The last client event, for a session that has one to end it, such as `session.close`. It is sent only where the server does
   * not confirm the hang-up: a call that has ended before the server hangs it up cannot be told from one that never was.
   */
  closeEvent?: () => ClientEvent | undefined
  /** Default: a new one without ICE servers, since the other side is reached directly. */
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
  /** The other side sent it on the data channel. */
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

/** A client event that was not sent, and why. */
export interface RefusedClientEvent {
  event: ClientEvent
  /** `event_too_large`. */
  error: import('./client-event-error.js').ClientEventError
}

/** An `EventTarget` whose events are known by their names. */
export interface TypedEventTarget<Events> extends Omit<EventTarget, 'addEventListener' | 'removeEventListener'> {
  /** As of any `EventTarget`; a name that is none of its events is an error of types. */
  addEventListener<Name extends keyof Events>(
    type: Name,
    listener: TypedListener<Events[Name]> | null,
    options?: AddEventListenerOptions | boolean
  ): void
  /** As of any `EventTarget`; a name that is none of its events is an error of types. */
  removeEventListener<Name extends keyof Events>(
    type: Name,
    listener: TypedListener<Events[Name]> | null,
    options?: EventListenerOptions | boolean
  ): void
}

/** A function, or an object with `handleEvent`, that gets the event with its `detail`. */
export type TypedListener<Detail> = ((event: CustomEvent<Detail>) => void) | { handleEvent(event: CustomEvent<Detail>): void }

/** What can go wrong: by the server's word, or by the browser's. */
export type ErrorCode =
  | ContractErrorCode
  | 'microphone_denied'
  | 'microphone_denied_by_system'
  | 'microphone_forbidden'
  | 'no_microphone'
  | 'microphone_busy'
  | 'microphone_failed'
  | 'microphone_interrupted'
  | 'microphone_ended'
  | 'insecure_page'
  | 'unsupported_browser'
  | 'no_webrtc'
  | 'unreachable'
  | 'invalid_key'
  | 'not_understood'
  | 'not_connected'
  | 'loopback_refused'
  | 'connection_lost'
  | 'ended_upstream'
  | 'time_limit'
  | 'session_expired'
  | 'content_filter'
  | 'not_loaded'
  | 'event_too_large'
  | 'tool_failed'

/** Any failure of a call: an `Error`, with what is known about where it came from. */
export interface CallFailure extends Error {
  /** What is known to go wrong here; else it is the upstream's own word. An error of the browser's own, a `DOMException`, has a number instead. */
  code?: ErrorCode | (string & {}) | undefined
  /** The HTTP status; undefined where no answer came. */
  status?: number | undefined
  requestId?: string | undefined
  /** In how many seconds it makes sense to try again, as far as the server knows. */
  retryAfter?: number | undefined
}

export type * from './error-codes.js'
export type * from './events.js'

import type { ContractErrorCode } from './error-codes.js'
import type { ClientEvent, ServerEvent } from './events.js'

/**
 * A server event as it is read here: by members that other servers than OpenAI's may leave out, or make null, whatever the
 * type says.
 *
 * @internal
 */
export interface ReadEvent {
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
  session?: ReadSession
  error?: EventError
  /** In `session.usage.updated` and `session.closed` of the Live API. */
  usage?: { seconds?: number }
  reason?: string
  delegation?: { id?: string; target?: string }
  /** In `response.event`: an event of the Responses API. */
  event?: ReadEvent
}

/** Of a session, what is read here. @internal */
export interface ReadSession {
  type?: string
  model?: string
  delegation?: { type?: string } | null
  audio?: { input?: { transcription?: object | null; turn_detection?: object | null } }
}

/** What an error event, or a failed item, says. @internal */
export interface EventError {
  message: string
  type?: string
  code?: string | null
  param?: string | null
  /** The client event that caused it. */
  event_id?: string | null
}

/** An item of a conversation, as it is read here. @internal */
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

/** A response of the model, as it is read here. @internal */
export interface ServerResponse {
  id?: string
  status?: string
  status_details?: { type?: string; reason?: string; error?: { message?: string; type?: string; code?: string | null } | null } | null
  output?: Item[]
  /** In `response.done`. */
  usage?: ResponseUsage | null
}

/** The tokens of a response, as it is read here. @internal */
export interface ResponseUsage {
  input_tokens?: number
  output_tokens?: number
  input_token_details?: TokenDetails & { cached_tokens?: number; cached_tokens_details?: TokenDetails }
  output_token_details?: TokenDetails
}

/** Numbers of tokens. */
export interface TokenDetails {
  text_tokens?: number
  audio_tokens?: number
  image_tokens?: number
}

/** What a conversation is given. */
export interface ConversationOptions extends ConnectOptions {
  /** The functions that the model may call, by the names that the preset declares. */
  tools?: Tools | undefined
  /** Whether to call again when a connection was lost; default true. A function is asked each time. */
  reconnect?: boolean | (() => boolean) | undefined
  /** Whether `microphone.speaksMuted` tells that the person speaks while they are muted; the microphone stays open for it. */
  noticeMutedSpeech?: boolean | undefined
}

/** What the hook `useConversation` is given. */
export interface UseConversationOptions extends ConversationOptions {
  signaling: Signaling
}

/** What the hook `useConversation` gives to a component. The functions stay the same at each rendering. */
export interface UsedConversation {
  state: ConversationState
  /** Of the state, as is `error`. */
  stream: MediaStream | undefined
  error: CallFailure | undefined
  /** Calls, unless there is a call already. Settles when the call is up or has failed: `error` tells why. Rejects where no call can be made, as without signaling. */
  call: () => Promise<void>
  /** Settles when the upstream knows, or when it could not be told: `error` tells why. */
  hangUp: () => Promise<void>
  /** Without an argument it mutes. */
  mute: (muted?: unknown) => void
  /** Says something in writing, and tells whether it was sent. */
  send: (text: string) => boolean
  /** The `ref` of an `<audio>` of the component, which plays the model's voice; it may be mounted at any time. */
  audio: (element: HTMLAudioElement | null) => void
  /** The browser wants a click before it plays a sound: one on a button that calls `play`. */
  isBlocked: boolean
  play: () => Promise<void>
  /** For all that is not among these. */
  conversation: import('./conversation/conversation.js').Conversation
}

/** What one call and those that follow are made with. */
export interface ConnectOptions {
  /** Of the preset, where it is known; else the first event tells it. */
  type?: SessionType | undefined
  /** Made by `relayed` or `byEphemeralKey`. */
  signaling?: Signaling | undefined
  /** False for a locked preset: audio only. Default true. */
  channel?: boolean | undefined
  /** Default: `openMicrophone`. Null: none, until there is one; the person types meanwhile. */
  microphone?: Microphone | null | undefined
}

/** All that is to be known of a conversation. It never changes: each change is another object, in which what did not change is the same. */
export interface ConversationState {
  /** Of the newest call. */
  readonly call: CallState
  /** Whether there is a call, or will be one again after its connection was lost: `hangUp` ends both. */
  readonly busy: boolean
  /** By which the upstream knows the newest call; undefined before it is answered. */
  readonly callId: string | undefined
  readonly agent: AgentState
  /** What was said in all calls, in order; earlier calls stand above a turn of the speaker `divider`. */
  readonly turns: readonly Turn[]
  /** What the session lets the person do now. */
  readonly can: Can
  readonly microphone: MicrophoneView
  /** The voice of the model; undefined where there is no call. */
  readonly stream: MediaStream | undefined
  /** Since somebody last connected by hand. */
  readonly usage: ConversationUsage
  /** From the end of the person's words to the first sound of the last answer, in milliseconds. */
  readonly latencyMs: number | undefined
  /** Of the newest call: the steps of connecting. */
  readonly timings: Readonly<CallTimings>
  /** When the newest call is hung up; undefined where the server sets no limit. */
  readonly endsAt: Date | undefined
  /** A lost call waits to be placed again. */
  readonly reconnection: { readonly secondsLeft: number; readonly attempts: number } | undefined
  /** What is wrong: with a call that goes on, or why the last one ended. */
  readonly error: CallFailure | undefined
}

/** What a model does in a call that is up. */
export type AgentDoing = 'listening' | 'thinking' | 'speaking'

/**
 * `asking`: the browser asks the person for the microphone. `muted`: the model would listen, but the person is muted.
 * `reconnecting`: a lost call waits to be placed again. `failed`: the last call ended by an error.
 */
export type AgentState = AgentDoing | 'idle' | 'asking' | 'connecting' | 'muted' | 'reconnecting' | 'ended' | 'failed'

/** What the session lets a person do. */
export interface Can {
  /** Write: `sendText`. */
  readonly text: boolean
  readonly interrupt: boolean
}

/** `open`: the person is heard at any time. `push`: between `press` and `release`. */
export type MicrophoneModeName = 'open' | 'push'

/** How the person is heard. */
export interface MicrophoneView {
  /** How the person talks: at any time, or between `press` and `release`. */
  readonly mode: MicrophoneModeName
  /** Whether the session itself takes no turns, so that the mode can only be `push`. */
  readonly manual: boolean
  readonly muted: boolean
  readonly pressed: boolean
  /** What is listened to; undefined where there is no call. */
  readonly stream: MediaStream | undefined
  /** Whether the system lets it be heard. */
  readonly state: MicrophoneStateChange['state']
  readonly error: MicrophoneStateChange['error']
  /** Only with `noticeMutedSpeech`. */
  readonly speaksMuted: boolean
}

/** What the calls took, by the upstream's word. */
export interface ConversationUsage {
  readonly inputTokens: number
  /** Of those, the ones that had been read before, which cost less. */
  readonly cachedTokens: number
  readonly outputTokens: number
  /** Of a session that is billed by its time. */
  readonly seconds: number | undefined
  /** An estimate, by `PRICES`; undefined where nothing is known. */
  readonly dollars: number | undefined
}

/** The events of a `Conversation`: each a `CustomEvent` with this `detail`. */
export interface ConversationEvents {
  /** `changed` names the members of the state that are others now. */
  change: { state: ConversationState; changed: readonly (keyof ConversationState)[] }
  /** A call begins: the first one, or another. */
  call: import('./call.js').Call
  'server-event': ServerEvent
  'client-event': ClientEvent
}

/** What a conversation is told of one of its calls. @internal */
export interface SessionHandlers {
  /** Something of the state may be different; these members are. */
  changed(members?: Partial<ConversationState>): void
  /** The microphone works again: this error, if there was one, does not hold any more. */
  resolved(error: CallFailure | undefined): void
  /** The call is up for the first time. */
  connected(): void
  /** Why; undefined where somebody hung up. */
  closed(error: CallFailure | undefined): void
  received(event: ServerEvent): void
  sent(event: ClientEvent): void
}

/** What reads the events of one kind of session, and knows what to send in it. @internal */
export interface SessionEvents {
  readonly can: Can
  /** Whether the session takes no turns by itself. */
  readonly manual: boolean
  take(event: ReadEvent, now: number): void
  sent(event: ClientEvent): void
  /** Whether it was sent. */
  text(text: string): boolean
  interrupt(): void
  decide(id: string, approve: boolean): void
  pushToTalk(push: boolean): void
  press(): void
  release(): void
  /** @param muted Whether nothing is sent of what the microphone hears. */
  mute(muted: boolean): void
  /** Whose voices it wants to hear, because no event tells when they speak. */
  readonly voices: readonly ('person' | 'model')[]
  hear(who: 'person' | 'model', level: number, now: number): void
  /** The client event that ends the session, where it has one. */
  readonly closeEvent: ClientEvent | undefined
  /** The call is over. */
  end(now: number): void
}

/**
 * What the events of a session have to do with.
 *
 * @internal
 */
export interface SessionParts {
  transcript: import('./conversation/transcript.js').Transcript
  agent: import('./conversation/agent.js').Agent
  usage: import('./conversation/usage.js').Usage
  latency: import('./conversation/latency.js').Latency
  tools: Tools
  /** Whether it was sent. */
  send: (event: ClientEvent) => boolean
  fail: (error: CallFailure) => void
  /** Something is different without an event. */
  changed: () => void
  /** The upstream has ended the session. */
  close: (error: CallFailure) => void
}

/** What a preset's session is: it decides which events there are. */
export type SessionType = 'realtime' | 'transcription' | 'translation' | 'live'

/**
 * A function that the model calls: its arguments in, a JSON value or a promise of one out. What the model shall read when
 * it cannot be done is thrown as a `ToolError`.
 */
export type Tool = (args: Record<string, unknown>, call: ToolCall) => unknown

/** What a function is told of the call that runs it, besides the arguments. */
export interface ToolCall {
  /** Aborted when the conversation's call is over: nobody waits for the result any more. */
  signal: AbortSignal
  /** By which the model's API knows this run of the function. */
  toolCallId: string
}

/** The functions that the model may call, by name. */
export type Tools = Readonly<Record<string, Tool>>

/** The result of a function, as the model's API takes it. @internal */
export type FunctionOutput = {
  type: 'function_call_output'
  call_id: string
  output: string
}

/** One entry of the transcript. */
export type Turn = SpokenTurn | FunctionTurn | RemarkTurn | DividerTurn

/**
 * `interrupted`: cut short, so that not all of it was heard. `limited`: the model ran into its limit of tokens.
 * `filtered`: the upstream's content filter stopped it.
 */
export type TurnState = 'partial' | 'final' | 'interrupted' | 'limited' | 'filtered' | 'failed'

/** What a person or the model said or wrote. */
export interface SpokenTurn {
  readonly id: string
  readonly speaker: 'person' | 'model'
  /** Empty where something was said that nobody transcribes. */
  readonly text: string
  readonly state: TurnState
  /** True where it was typed, or is no voice's: it may be Markdown. */
  readonly written?: boolean
  /** How many characters of it were heard, about; missing where nothing is known to be unheard. */
  readonly heard?: number
  /** From the end of the person's words to its first sound, in milliseconds; missing where nobody waited, or nothing tells. */
  readonly latencyMs?: number
}

/**
 * `reconnecting`: the connection was lost, and the model will remember nothing of what was said. `limited` and `filtered`:
 * nothing came of an answer. `tools_not_listed`: the model goes on without the tools of an MCP server.
 */
export type RemarkCode = 'reconnecting' | 'limited' | 'filtered' | 'tools_not_listed'

/** What is to be said about the conversation. */
export interface RemarkTurn {
  readonly id: string
  readonly speaker: 'page'
  /** For a page in another language than English. */
  readonly code: RemarkCode
  readonly text: string
  /** Of `tools_not_listed`: the server's label. */
  readonly server?: string | undefined
  readonly state: 'final'
}

/** What follows was said in another call, of which the model knows nothing of what stands above. */
export interface DividerTurn {
  readonly id: string
  readonly speaker: 'divider'
  readonly text: ''
  readonly state: 'final'
  /** When the call began. */
  readonly at: Date
}

/** A function of the page, or a tool of an MCP server, which the upstream calls. */
export interface FunctionTurn {
  readonly id: string
  readonly speaker: 'function'
  /** Of an MCP server's tool: with the server's label before it. */
  readonly name: string
  /** JSON text, as the model wrote it. */
  readonly arguments: string
  /** What went back to the model; undefined until it did. */
  readonly output: string | undefined
  readonly state: TurnState
  /** Missing where nobody is asked. */
  readonly approval?: 'wanted' | 'allowed' | 'refused'
}
