/** What the page reads before anything else, from `/config.json`. */
export interface Config {
  access: 'open' | 'signed-in'
  /** Where an ephemeral key creates a call: the upstream's full `…/v1/realtime/calls`. */
  calls_url: string
  default_preset: string
  presets: Preset[]
  /** The OpenID provider, as its tokens name it. This and what follows is there only where people sign in. */
  issuer?: string
  /** The page's own, at the provider. */
  client_id?: string
  /** What the API's authorizer expects; default the client id. */
  audience?: string
  /** Default `openid email`. */
  scope?: string
  /** Cognito's `https://…/logout`, which is not the standard's. */
  logout_url?: string
}

/** The part of `Config` that is about signing in, with its defaults. */
export interface SignInConfig {
  issuer: string
  client_id: string
  audience: string
  scope: string
  logout_url: string | undefined
}

/** What a `SignIn` is given in the tests. */
export interface SignInOptions {
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** The page's address. */
  page?: string
  load?: () => Promise<typeof import('oauth4webapi')>
  fetch?: typeof globalThis.fetch
}

/** `expired`: somebody was signed in, and must do so again. */
export type SignInState = 'signed-out' | 'signed-in' | 'expired'

/** What the tab remembers of a sign-in. Times are in milliseconds, by this browser's clock. */
export interface Session {
  /** The token that the API lets in. */
  bearer: string
  refreshToken: string | undefined
  who: string
  renewAt: number
  endsAt: number
}

/** The members of a token endpoint's response that are read here (RFC 6749, section 5.1). */
export interface TokenResponse {
  access_token?: string
  id_token?: string | undefined
  refresh_token?: string | undefined
  /** In seconds, of the access token. */
  expires_in?: number | undefined
}

/** The claims of a token that are read here (RFC 7519, section 4.1). */
export interface Claims {
  iss?: string
  aud?: string | string[]
  client_id?: string
  /** In seconds since 1970, by the provider's clock, as is `iat`. */
  exp?: number
  iat?: number
  sub?: string
  email?: string
}

/** A session config that the server keeps, as far as the page may know it. */
export interface Preset {
  name: string
  title: string
  description: string
  type: 'realtime' | 'transcription'
  /** Audio only: no data channel, no ephemeral key. */
  locked: boolean
  tools: string[]
  /** What the client may choose, and among which values. */
  may_choose: Record<string, Choice[]>
  /** The value that each choice has when nothing is chosen. */
  chosen: Record<string, Choice>
}

export type Choice = string | number | boolean

/** What the person set before the call. */
export interface Settings {
  interface: 'session' | 'token'
  preset: Preset
  choices: Record<string, string>
}

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

/** One entry of the transcript. */
export type Turn = SpokenTurn | FunctionTurn

/** `interrupted`: cut short, so that not all of it was heard. */
export type TurnState = 'partial' | 'final' | 'interrupted' | 'failed'

export interface SpokenTurn {
  id: string
  speaker: 'person' | 'model'
  /** Empty where something was said that nobody transcribes. */
  text: string
  state: TurnState
}

export interface FunctionTurn {
  id: string
  speaker: 'function'
  name: string
  /** JSON text, as the model wrote it. */
  arguments: string
  /** What went back to the model; undefined until it did. */
  output: string | undefined
  state: TurnState
}

/** A function that runs in the browser: the model's arguments in, a JSON value out. */
export type Tool = (args: Record<string, unknown>) => unknown
