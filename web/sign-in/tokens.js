/** Tokens: which one opens the API, and for how long. Pure functions. */

/** @import {Claims, Session, SignInConfig, TokenResponse} from '../types.js' */

/** How long before its end a token is renewed; less where its lifetime is short. */
const MARGIN_MS = 60_000

/**
 * What a JWT says. It is not verified here: it came from its issuer over TLS, and the API verifies it each time.
 *
 * @param {string | undefined} token
 * @returns {Claims | undefined} Undefined where it is no JWT: an access token may be any text.
 */
export function claimsOf(token) {
  const [, payload, signature] = token?.split('.') ?? []
  if (!payload || signature === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
    const claims = JSON.parse(new TextDecoder().decode(bytes))
    return typeof claims === 'object' && claims !== null ? claims : undefined
  } catch {
    return undefined
  }
}

/**
 * The token that the API's authorizer lets in: the access token where it is a JWT for this API, else the id token.
 *
 * Cognito's access tokens have a `client_id` in place of an `aud`, and the authorizer reads them the same way:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 *
 * @param {TokenResponse} tokens
 * @param {SignInConfig} config
 * @returns {string | undefined} Undefined where neither is for this API.
 */
export function bearerOf({ access_token: access, id_token: id }, { issuer, audience }) {
  return [access, id].find((token) => {
    const claims = claimsOf(token)
    return claims?.iss === issuer && [claims.aud ?? claims.client_id].flat().includes(audience)
  })
}

/**
 * What is kept of the provider's answer.
 *
 * The end is calculated from the token's lifetime, since the provider's clock and this one may differ.
 *
 * @param {TokenResponse} tokens
 * @param {SignInConfig} config
 * @param {number} now In milliseconds, by this clock.
 * @param {Session} [before] The session that this one renews: a provider need not repeat what has not changed.
 * @returns {Session | undefined} Undefined where no token is for this API.
 */
export function sessionOf(tokens, config, now, before) {
  const bearer = bearerOf(tokens, config)
  const { exp = 0, iat = now / 1000 } = claimsOf(bearer) ?? {}
  const { email, sub } = claimsOf(tokens.id_token) ?? {}
  if (bearer === undefined) return undefined
  const life = (bearer === tokens.access_token && tokens.expires_in ? tokens.expires_in : exp - iat) * 1000
  return {
    bearer,
    refreshToken: tokens.refresh_token ?? before?.refreshToken,
    who: email ?? before?.who ?? sub ?? '',
    renewAt: now + life - Math.min(MARGIN_MS, life / 4),
    endsAt: now + life
  }
}
