export type * from './realtime/types.js'

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
