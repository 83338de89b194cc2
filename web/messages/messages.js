/** What each error says to a person, by its code: of our contract, of the upstream, of the module, of signing in. */

/** @import {CallFailure} from '../types.js' */

import { timeOfDay } from './time-of-day.js'

/**
 * What happened; what the person can do; and what the deployer can do, which is shown with the details.
 *
 * @typedef {readonly [string, string, string?]} Message
 */

const TELL = 'Tell the person who runs this page.'
const RELOAD = 'Reload the page, then connect again.'
const WAIT = 'Wait a moment, then connect again.'
const AGAIN = 'Connect again: a new conversation begins.'
const BUSY = 'The voice service is busy.'
const NO_CREDIT = 'The voice service is not available: its budget is used up.'

/** @type {Record<string, Message>} */
const MESSAGES = {
  // The contract: layers/realtime/realtime/errors.py.
  invalid_offer: ['This browser’s call was not accepted.', 'Reload the page, or try another browser.', 'In a client of your own: post offer.sdp unchanged, with one microphone.'],
  offer_too_large: ['This browser’s call was not accepted.', RELOAD, 'In a client of your own: offer one microphone and one data channel, nothing else.'],
  unsupported_media_type: ['This browser’s call was not accepted.', RELOAD, 'In a client of your own: send Content-Type: application/sdp.'],
  unknown_preset: ['This preset is not there any more.', 'Reload the page: the presets have changed since it was opened.'],
  choice_not_allowed: ['This choice is not there any more.', 'Reload the page: the choices have changed since it was opened.'],
  invalid_dcid: ['This browser’s call was not accepted.', TELL, 'In a client of your own: send a whole number from 0 to 65534 as dcid, or none.'],
  preset_locked: ['This preset cannot be used with an ephemeral key.', 'Choose the interface “Session” under “Developer”.'],
  preset_not_mintable: ['This preset cannot be used with an ephemeral key.', 'Choose the interface “Session” under “Developer”.'],
  ephemeral_keys_off: ['Ephemeral keys are switched off here.', 'Choose the interface “Session” under “Developer”.'],
  origin_not_allowed: ['Calls from this address are not allowed.', TELL, 'Name the address of this page in AllowedOrigins.'],
  not_invited: ['Your account is not invited.', 'Sign in with the address that was invited, or ask the person who runs this page to invite yours.'],
  blocked: ['Your account is blocked.', 'Ask the person who runs this page.'],
  quota_exceeded: ['A limit of calls or minutes is reached.', 'Call again later, or end your other calls first.'],
  paused: ['All calls are paused.', 'Call again later.'],
  ledger_unavailable: ['Calls are not possible at the moment.', WAIT, 'The table of the minutes does not answer: see the log and AWS’s status.'],
  not_found: ['The page cannot reach its server.', TELL, 'The API must be reached under this page’s own address: deploy again.'],
  method_not_allowed: ['The server did not accept the request.', RELOAD, 'In a client of your own: POST /session, DELETE /session/{call_id}, GET /token, GET /usage.'],
  upstream_credentials: ['The voice service refused this page.', TELL, 'Put a valid API key into the secret, of a project that may use the model.'],
  upstream_error: ['The voice service failed.', WAIT],
  upstream_unreachable: ['The voice service cannot be reached.', WAIT, 'Check OpenAIBaseUrl, and that the function reaches it.'],
  invalid_answer: ['The voice service gave an answer that is no call.', TELL, 'OpenAIBaseUrl must lead to a Realtime API, its /v1 included.'],
  upstream_timeout: ['The voice service took too long.', WAIT, 'UpstreamTimeoutSeconds may be raised, up to 20.'],
  misconfigured: ['This page is not set up completely.', TELL, 'Do what the message says: no call works before.'],

  // The upstream's own.
  insufficient_quota: [NO_CREDIT, TELL, 'Add credit, or raise the limit of the project, at the upstream.'],
  credit_balance_exhausted: [NO_CREDIT, TELL, 'Add credit at the upstream. Waiting does not help.'],
  project_spend_limit_exceeded: [NO_CREDIT, TELL, 'Raise the spend limit of the project at the upstream. Waiting does not help.'],
  organization_spend_limit_exceeded: [NO_CREDIT, TELL, 'Raise the spend limit of the organization at the upstream. Waiting does not help.'],
  organization_usage_limit_exceeded: [NO_CREDIT, TELL, 'Raise the usage limit of the organization at the upstream. Waiting does not help.'],
  rate_limit_exceeded: [BUSY, 'Wait a minute, then connect again.'],
  model_not_found: ['The model is not available.', TELL, 'Name a model that the API key’s project may use, in the preset or the parameter Model.'],
  ephemeral_token_already_used: ['The key of this call was used already.', 'Connect again: each call gets a key of its own.'],
  ephemeral_token_expired: ['The key of this call is too old.', 'Connect again: a new key is requested then.'],
  invalid_api_key: ['The voice service refused the key of this call.', AGAIN, 'If it stays: the API key was refused.'],
  content_filter: ['The voice service ended the call, because of what was said.', AGAIN],
  session_expired: ['The call reached the longest time that the voice service allows.', AGAIN],
  server_error: ['The voice service failed.', 'Say it again. If it stays, hang up and connect again.'],
  input_audio_buffer_commit_empty: ['Nothing was heard.', 'Hold the button a little longer while you speak.'],

  // The module: web/realtime.
  unreachable: ['The server cannot be reached.', 'Check that you are online, then connect again.'],
  invalid_key: ['The server gave no key for the call.', TELL, 'GET /token must be answered by the API, not by a page.'],
  microphone_denied_by_system: [
    'The operating system does not let this browser use the microphone.',
    'On a Mac: System Settings, Privacy & Security, Microphone. On Windows: Settings, Privacy, Microphone. On a phone: the settings of this app.'
  ],
  microphone_forbidden: ['This browser lets no page use the microphone.', 'Try another browser.', 'An administrator’s policy, or the frame that the page is in, must allow the microphone.'],
  microphone_failed: ['The microphone could not be started.', 'Plug it in again, choose another one under “Settings”, or restart the browser.'],
  microphone_interrupted: ['The system has taken the microphone: you are not heard.', 'End the phone call, or close what else uses the microphone.'],
  microphone_ended: ['The microphone has stopped: you are not heard.', 'Plug it in again, allow it again, or choose another one under “Settings”.'],
  unsupported_browser: ['This browser gives pages no microphone, as those within other apps often do not.', 'Open this page in Chrome, Edge, Firefox or Safari.'],
  no_webrtc: ['This browser cannot make calls: it has no WebRTC, or it is switched off.', 'Open this page in Chrome, Edge, Firefox or Safari, without add-ons that block WebRTC.'],
  not_understood: ['This browser and the voice service did not agree on how to connect.', 'Try another browser.', 'Look at what the upstream answers.'],
  microphone_denied: ['The microphone was not allowed.', 'Press the icon beside the address, allow the microphone, then connect again.'],
  no_microphone: ['No microphone was found.', 'Plug a microphone in or choose another one under “Settings”, then connect again.'],
  microphone_busy: ['The microphone is in use elsewhere.', 'Close other programs and tabs that use the microphone, then connect again.'],
  insecure_page: ['The browser gives the microphone only to pages over HTTPS.', TELL, 'Serve the page over HTTPS, or from localhost.'],
  tool_failed: ['A function of this page failed.', 'Ask for something else.', 'The console has what is wrong with the function.'],
  event_too_large: ['This message is too long.', 'Shorten it, then send it again.'],
  not_loaded: ['A part of this page could not be loaded, so the call was ended.', RELOAD],
  not_connected: ['The call was accepted, but no sound came through.', 'Try another network, for example a phone’s: this one may block UDP.'],
  loopback_refused: [
    'This browser makes no calls to its own machine, where the voice service is: Firefox never does.',
    'Open this page in Chrome or Edge.',
    'With make run MEDIA_ADDRESS= and the address of this machine in its network, Firefox calls too.'
  ],
  connection_lost: ['The connection was lost.', 'Check the network, then connect again: a new conversation begins.'],
  ended_upstream: ['The voice service ended the call.', AGAIN],
  time_limit: ['The call reached its time limit.', AGAIN],

  // Signing in.
  access_denied: ['You were not signed in.', 'Sign in again, with an account that is invited.'],
  no_authorization_endpoint: ['Nobody can sign in at the moment.', TELL, 'The issuer must be an OpenID provider with a sign-in page.'],
  no_library: ['The page could not load what people sign in with.', 'Reload the page.'],
  not_asked: ['This tab did not ask to sign in.', 'Press “Sign in”.'],
  sign_in_expired: ['Your sign-in has expired.', 'Sign in again, then connect.'],
  wrong_audience: ['You cannot be signed in here.', TELL, 'Audience and ClientId must be those of the provider’s tokens.'],
  wrong_issuer: ['You cannot be signed in here.', TELL, 'Deploy with exactly the provider’s name as Issuer, a slash at its end included.']
}

/** Where no code is known, the status tells whose turn it is. @type {Map<number, Message>} */
const BY_STATUS = new Map([
  [401, ['Your sign-in is not valid any more.', 'Sign in again, then connect.']],
  [403, ['The server refused the request.', TELL, 'The API, or a firewall before it, refuses this request.']],
  [404, ['The page cannot reach its server.', TELL, 'The API must be reached under this page’s own address: deploy again.']],
  [413, ['This browser’s call was not accepted.', 'Reload the page, or try another browser.']],
  [429, [BUSY, 'Wait a minute, then connect again.']]
])

/** @type {Message} */
const UNKNOWN = ['Something went wrong.', RELOAD, 'The log has more, under the id of the request.']

/** What the session itself reports: the call goes on. @type {Message} */
const IN_CALL = ['The voice service reported an error.', 'The call goes on. If it does not answer, hang up and connect again.']

/**
 * @param {Pick<CallFailure, 'code' | 'status' | 'retryAfter'> & {name?: string}} failure
 * @returns {Message}
 */
export function messageOf({ code = '', status = 0, retryAfter, name }) {
  const [what, fix, deployer] = (Object.hasOwn(MESSAGES, code) ? MESSAGES[code] : BY_STATUS.get(status)) ?? (name === 'SessionError' ? IN_CALL : UNKNOWN)
  const later = code === 'quota_exceeded' && retryAfter ? `Call again ${timeOfDay(retryAfter)}.` : fix
  return deployer ? [what, later, deployer] : [what, later]
}

/** @returns {string[]} The codes that have a message of their own. */
export function codesWithMessage() {
  return Object.keys(MESSAGES)
}
