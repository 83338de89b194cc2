/**
 * The requests to an OpenID provider: authorization code with PKCE, renewal, sign-out. It stores nothing.
 *
 * Sources: OAuth 2.0 security (RFC 9700, section 2.1.1), PKCE (RFC 7636), OpenID Connect Core 1.0, section 3.1, and
 * RP-Initiated Logout 1.0.
 */

/** @import {Pending, SignInConfig, SignInOptions} from '../types.js' */
/** @import * as OAuth from 'oauth4webapi' */

import { SignInError, explained } from './sign-in-error.js'

/** How far the provider's clock and this one may be apart, in seconds. */
const CLOCKS_DIFFER_S = 300

/** How long a person who signs out waits for the provider to revoke the refresh token. */
const REVOCATION_TIMEOUT_MS = 3_000

/** Every method throws a {@link SignInError}: refused, not understood, or not to be reached. */
export class Provider {
  #config
  #redirectUri
  #load
  #fetch

  /**
   * @param {SignInConfig} config
   * @param {Required<Pick<SignInOptions, 'page' | 'load' | 'fetch'>>} browser
   */
  constructor(config, { page, load, fetch }) {
    this.#config = config
    this.#redirectUri = new URL('/', page).href
    this.#load = load
    this.#fetch = /** @type {(url: any, request: any) => Promise<Response>} */ (fetch)
  }

  /**
   * Makes an authorization request, whose answer only this tab can use.
   *
   * @returns {Promise<{url: string, pending: Pending}>} The page to go to, and what the answer is checked against.
   */
  async ask() {
    return this.#explained(async (oauth) => {
      const { authorization_endpoint: endpoint } = await this.#discover(oauth)
      const pending = { state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(), verifier: oauth.generateRandomCodeVerifier() }
      const { client_id, audience, scope } = this.#config
      const url = withParameters(endpoint, {
        response_type: 'code',
        client_id,
        redirect_uri: this.#redirectUri,
        scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        // Some providers make a token for an API only when it is named; the others do not read this (RFC 6749, 3.1).
        ...(audience === client_id ? {} : { audience })
      })
      return { url, pending }
    })
  }

  /**
   * Exchanges the answer for tokens.
   *
   * @param {URLSearchParams} answer
   * @param {Pending} pending
   */
  async redeem(answer, { state, nonce, verifier }) {
    return this.#explained(async (oauth) => {
      const [server, client] = [await this.#discover(oauth), this.#client(oauth)]
      const params = oauth.validateAuthResponse(server, client, answer, state)
      const options = this.#options(oauth)
      const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), params, this.#redirectUri, verifier, options)
      return oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true })
    })
  }

  /** @param {string} refreshToken */
  async renew(refreshToken) {
    return this.#explained(async (oauth) => {
      const [server, client] = [await this.#discover(oauth), this.#client(oauth)]
      const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, this.#options(oauth))
      return oauth.processRefreshTokenResponse(server, client, response)
    })
  }

  /**
   * @param {string | undefined} refreshToken Is good for nothing any more.
   * @returns {Promise<string | undefined>} The page to go to, which ends the provider's own session too.
   */
  async forget(refreshToken) {
    return this.#explained(async (oauth) => {
      const server = await this.#discover(oauth)
      if (refreshToken && server.revocation_endpoint) {
        const signal = AbortSignal.timeout(REVOCATION_TIMEOUT_MS)
        await oauth.revocationRequest(server, this.#client(oauth), oauth.None(), refreshToken, { ...this.#options(oauth), signal })
      }
      return this.#logoutUrl(server)
    })
  }

  /**
   * @template Result
   * @param {(oauth: typeof OAuth) => Promise<Result>} act
   * @returns {Promise<Result>}
   */
  async #explained(act) {
    try {
      return await act(await this.#load())
    } catch (error) {
      throw error instanceof SignInError ? error : explained(error, this.#config.issuer)
    }
  }

  /** @param {typeof OAuth} oauth */
  async #discover(oauth) {
    const issuer = new URL(this.#config.issuer)
    const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, this.#options(oauth)))
    // To the library two URLs are equal that differ in a slash at the end; API Gateway compares text.
    if (server.issuer === this.#config.issuer) return server
    throw new SignInError(`The provider is called ${server.issuer}, and the stack expects ${this.#config.issuer}.`, 'wrong_issuer')
  }

  /** @param {typeof OAuth} oauth */
  #options(oauth) {
    const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(this.#config.issuer).hostname)
    return { [oauth.customFetch]: this.#fetch, [oauth.allowInsecureRequests]: loopback }
  }

  /**
   * @param {typeof OAuth} oauth
   * @returns {OAuth.Client}
   */
  #client(oauth) {
    return { client_id: this.#config.client_id, [oauth.clockTolerance]: CLOCKS_DIFFER_S }
  }

  /** @param {OAuth.AuthorizationServer} server */
  #logoutUrl({ end_session_endpoint: endpoint }) {
    const { client_id, logout_url: cognito } = this.#config
    if (cognito) return withParameters(cognito, { client_id, logout_uri: this.#redirectUri })
    // The standard's id_token_hint would put a token into an address.
    if (endpoint) return withParameters(endpoint, { client_id, post_logout_redirect_uri: this.#redirectUri })
    return undefined
  }
}

/**
 * @param {string | undefined} endpoint
 * @param {Record<string, string>} parameters
 */
function withParameters(endpoint, parameters) {
  if (!endpoint) throw new SignInError('The provider names no page to sign in on.', 'no_authorization_endpoint')
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/**
 * Only where people sign in: the open page does without it.
 *
 * @returns {Promise<typeof OAuth>}
 */
export async function loadLibrary() {
  try {
    return await import('/vendor/oauth4webapi.js')
  } catch (error) {
    throw new SignInError('The page could not load the library by which people sign in.', 'no_library', error)
  }
}
