/** The part of the page's configuration that is about signing in. */

/** @import {Config, SignInConfig} from '../types.js' */

import { SignInError } from './sign-in-error.js'

/**
 * @param {Config} config
 * @returns {SignInConfig} With its defaults.
 * @throws {SignInError} When something is missing.
 */
export function signInConfig({ issuer = '', client_id = '', audience, scope = 'openid email', logout_url }) {
  if (!issuer || !client_id) throw new SignInError('config.json names no issuer or no client_id: nobody can sign in.', 'misconfigured')
  return { issuer, client_id, audience: audience || client_id, scope, logout_url }
}
