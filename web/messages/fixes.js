/** What mends an error, by its code: of our contract, of the upstream, of the kit, of signing in. */

/** @import {CallFailure} from '../types.js' */

import { timeOfDay } from '../developer/time-of-day.js'

const TO_OTHERS = 'For whoever runs this page: '
const AGAIN = 'Wait a moment, then connect again.'

/** @type {Record<string, string>} */
const FIXES = {
  // The contract: layers/realtime/realtime/errors.py.
  invalid_offer: 'Reload the page, and try another browser if it stays. In a client of your own: post offer.sdp untouched, with one microphone.',
  offer_too_large: 'Reload the page. In a client of your own: offer one microphone and one data channel, nothing else.',
  unsupported_media_type: 'Reload the page. In a client of your own: send Content-Type: application/sdp.',
  unknown_preset: 'Reload the page: the presets have changed since it was opened.',
  choice_not_allowed: 'Reload the page: what may be chosen has changed since it was opened.',
  invalid_dcid: 'In a client of your own: send a whole number from 0 to 65534 as dcid, or none.',
  preset_locked: 'Choose the interface “Session”: a locked preset gives no ephemeral key.',
  preset_not_mintable: 'Choose the interface “Session”: the Live API gives no ephemeral keys.',
  ephemeral_keys_off: 'Choose the interface “Session”: ephemeral keys are switched off here.',
  origin_not_allowed: `${TO_OTHERS}name the address of this page in AllowedOrigins.`,
  not_invited: 'Sign in with the address that was invited, or ask whoever runs this page to invite yours.',
  blocked: 'Ask whoever runs this page: they have blocked your account.',
  quota_exceeded: 'Call again later, when minutes are free again, or end your other calls first.',
  paused: 'Call again later: whoever runs this page has paused all calls.',
  ledger_unavailable: `${AGAIN} ${TO_OTHERS}the table of the minutes does not answer, see the log and AWS’s status.`,
  not_found: `${TO_OTHERS}the API must be reached under this page’s own address; deploy anew.`,
  method_not_allowed: 'In a client of your own: POST /session, DELETE /session/{call_id}, GET /token.',
  upstream_credentials: `${TO_OTHERS}put a valid API key into the secret, of a project that may use the model.`,
  upstream_error: AGAIN,
  upstream_unreachable: `${AGAIN} ${TO_OTHERS}check OPENAI_BASE_URL, and that the function reaches it.`,
  invalid_answer: `${TO_OTHERS}OPENAI_BASE_URL must lead to a Realtime API, its /v1 included.`,
  upstream_timeout: `${AGAIN} ${TO_OTHERS}UPSTREAM_TIMEOUT_SECONDS may be raised, up to 20.`,
  misconfigured: `${TO_OTHERS}do what the message says; no call works before.`,

  // The upstream's own.
  insufficient_quota: `${TO_OTHERS}add credit, or raise the limit of the project, at the upstream.`,
  credit_balance_exhausted: `${TO_OTHERS}add credit at the upstream. Waiting does not help.`,
  project_spend_limit_exceeded: `${TO_OTHERS}raise the spend limit of the project at the upstream. Waiting does not help.`,
  organization_spend_limit_exceeded: `${TO_OTHERS}raise the spend limit of the organization at the upstream. Waiting does not help.`,
  organization_usage_limit_exceeded: `${TO_OTHERS}raise the usage limit of the organization at the upstream. Waiting does not help.`,
  rate_limit_exceeded: 'Wait a minute, then connect again.',
  model_not_found: `${TO_OTHERS}name a model that the API key’s project may use, in the preset or the parameter Model.`,
  ephemeral_token_already_used: 'Connect again: each call has an ephemeral key of its own.',
  ephemeral_token_expired: 'Connect again: a new ephemeral key is minted then.',
  invalid_api_key: `Connect again. If it stays: ${TO_OTHERS.toLowerCase()}the API key was refused.`,
  session_expired: 'Connect again: a call lasts 60 minutes at most, and the model begins anew.',
  server_error: 'Say it again. If it stays, hang up and connect again.',
  input_audio_buffer_commit_empty: 'Hold the button a little longer while you speak.',

  // The kit: web/realtime.
  unreachable: 'Check that you are online, then connect again.',
  invalid_key: `${TO_OTHERS}GET /token must be answered by the API, not by a page.`,
  microphone_denied_by_system: 'On a Mac: System Settings, Privacy & Security, Microphone. On Windows: Settings, Privacy, Microphone. On a phone: the settings of this app.',
  microphone_forbidden: `${TO_OTHERS}an administrator’s policy, or the frame that the page is in, must allow the microphone.`,
  microphone_failed: 'Plug the microphone in again or choose another one below, then connect again. If it stays, restart the browser.',
  microphone_interrupted: 'End the phone call, or whatever else has it: then you are heard again by itself.',
  microphone_ended: 'Plug it in again, allow it again, or choose another one below: then you are heard again by itself.',
  unsupported_browser: 'Copy this page’s address, and open it in Chrome, Edge, Firefox or Safari.',
  no_webrtc: 'Open the page in Chrome, Edge, Firefox or Safari. Privacy settings or add-ons of this one may have switched WebRTC off.',
  not_understood: `Try another browser. If it stays: ${TO_OTHERS.toLowerCase()}look at what the upstream answers.`,
  microphone_denied: 'Press the icon beside the address, allow the microphone, then connect again.',
  no_microphone: 'Plug a microphone in, or choose another one below, then connect again.',
  microphone_busy: 'Close other programs and tabs that use the microphone, then connect again.',
  insecure_page: `${TO_OTHERS}serve it over HTTPS, or from localhost.`,
  tool_failed: `Ask for something else. ${TO_OTHERS}the console tells what is wrong with the function.`,
  event_too_large: 'Send less at once: shorten the text.',
  not_connected: 'Try another network, for example a phone’s: this one may block UDP.',
  connection_lost: 'Check the network, then connect again. The model begins anew.',
  ended_upstream: 'Connect again. The model begins anew.',
  time_limit: 'Connect again. The model begins anew.',

  // Signing in.
  access_denied: 'Sign in again, with an account that is invited.',
  no_authorization_endpoint: `${TO_OTHERS}the issuer must be an OpenID provider with a sign-in page.`,
  no_library: 'Reload the page.',
  not_asked: 'Press “Sign in”.',
  sign_in_expired: 'Sign in again, then connect.',
  wrong_audience: `${TO_OTHERS}Audience and ClientId must be those of the provider’s tokens.`,
  wrong_issuer: `${TO_OTHERS}deploy with exactly the provider’s name as Issuer, a slash at its end included.`
}

/** Where no code is known, the status tells whose turn it is. */
const BY_STATUS = new Map([
  [401, 'Sign in again, then connect.'],
  [403, `${TO_OTHERS}the API, or a firewall before it, refuses this request.`],
  [404, `${TO_OTHERS}the API must be reached under this page’s own address; deploy anew.`],
  [413, 'Reload the page, and try another browser if it stays.'],
  [429, 'Wait a minute, then connect again.']
])

/**
 * @param {Pick<CallFailure, 'code' | 'status' | 'requestId' | 'retryAfter'>} failure
 * @returns {string} What the person can do, or have done.
 */
export function fixOf({ code = '', status = 0, requestId, retryAfter }) {
  if (code === 'quota_exceeded' && retryAfter) return `Call again ${timeOfDay(retryAfter)}: minutes are free again then.`
  const known = Object.hasOwn(FIXES, code) ? FIXES[code] : BY_STATUS.get(status)
  return known ?? (requestId ? `Connect again. If it stays: ${TO_OTHERS.toLowerCase()}look the request up in the log.` : 'Reload the page, then connect again.')
}

/** @returns {string[]} The codes that have a fix of their own. */
export function codesWithFix() {
  return Object.keys(FIXES)
}
