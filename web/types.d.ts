export type * from './realtime/types.js'

import type { ClientEvent, ServerEvent } from './realtime/types.js'

/** What the page reads before anything else, from `/config.json`. */
export interface Config {
  access: 'open' | 'signed-in'
  /** The id of the data channel that both sides make by themselves; undefined where the upstream may not take it. */
  dcid?: number | string
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

/** What this tab asked the provider, for its answer to be checked against. */
export interface Pending {
  state: string
  nonce: string
  verifier: string
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
  /** What the person could say first. */
  suggestions: string[]
  type: 'realtime' | 'transcription' | 'translation' | 'live'
  /** The browser can neither read nor replace the session config; no ephemeral key. */
  locked: boolean
  /** Whether events cross a data channel: not in a locked conversation of the Realtime API. */
  data_channel: boolean
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

/** What this browser remembers: whatever an older page, or somebody by hand, has written there. */
export interface Choices {
  preset?: unknown
  interface?: unknown
  /** The choices of each preset. */
  of?: Record<string, Record<string, string>>
  microphoneMode?: unknown
  volume?: unknown
  microphone?: unknown
  loudspeaker?: unknown
  shortcuts?: unknown
}

export interface LoggedEvent {
  at: Date
  direction: 'sent' | 'received'
  event: ClientEvent | ServerEvent
}

/** What the page knows of a call beside its state. */
export interface CallContext {
  busy: boolean
  access: import('./sign-in/access.js').Access['state']
  preset: Preset | undefined
  /** What goes before the ordinary advice; empty for nothing. */
  notice: string
  /** Whether the space bar talks: there is a keyboard, and its shortcuts are switched on. */
  spaceBar: boolean
}

/** What the view of a call has to do with. */
export interface CallViewParts {
  access: import('./sign-in/access.js').Access
  devices: import('./call/devices.js').Devices
  loudspeaker: import('./call/loudspeaker.js').Loudspeaker
  microphone: import('./call/microphone-controls.js').MicrophoneControls
  hangUp: () => void
}

/** What the controller of a call has to do with. */
export interface CallParts {
  access: import('./sign-in/access.js').Access
  form: import('./settings/settings.js').SettingsForm
  devices: import('./call/devices.js').Devices
  microphone: import('./call/microphone-controls.js').MicrophoneControls
  view: import('./call/call-view.js').CallView
}
