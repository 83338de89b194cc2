/** The microphone: opened with echo cancellation, with errors that say what to do. */

/** @import {MicrophoneDevice, OpenMicrophoneOptions} from './types.js' */

/** By the name of the browser's error: https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia */
const ERRORS = new Map([
  ['NotAllowedError', { code: 'microphone_denied', message: 'The microphone was not allowed. Allow it in the browser’s site settings, then connect again.' }],
  ['SecurityError', { code: 'microphone_forbidden', message: 'This browser lets no page use the microphone. Its administrator may have switched it off.' }],
  ['NotFoundError', { code: 'no_microphone', message: 'No microphone was found. Plug one in, then connect again.' }],
  ['NotReadableError', { code: 'microphone_busy', message: 'The microphone could not be opened. Close what else uses it, then connect again.' }],
  ['OverconstrainedError', { code: 'no_microphone', message: 'The chosen microphone is not there. Plug it in or choose another, then connect again.' }]
])

const FAILED = { code: 'microphone_failed', message: 'The microphone could not be started. Plug it in again, or restart the browser, then connect again.' }

/** Chromium's `NotAllowedError` says "Permission denied by system": the browser itself may not, whatever the page may. */
const DENIED_BY_SYSTEM = {
  code: 'microphone_denied_by_system',
  message: 'The operating system does not let this browser use the microphone. Allow it in the system’s privacy settings, then connect again.'
}

/** The browser says `NotAllowedError` then, too. */
const FORBIDDEN = {
  code: 'microphone_forbidden',
  message: 'A policy of this page, or of the one that it is embedded in, allows no microphone. An iframe needs allow="microphone".'
}

const UNSUPPORTED = {
  code: 'unsupported_browser',
  message: 'This browser gives pages no microphone, as those within other apps often do not. Open the page in Chrome, Edge, Firefox or Safari.'
}

const INTERRUPTED = {
  code: 'microphone_interrupted',
  message: 'The system has taken the microphone, for example for a phone call, or a switch has muted it: you are not heard.'
}

const ENDED = { code: 'microphone_ended', message: 'The microphone has stopped: you are not heard.' }

const INSECURE = { code: 'insecure_page', message: 'The browser gives the microphone only to pages that are served over HTTPS or from localhost.' }

/** Thrown when there is no microphone to speak into. */
export class MicrophoneError extends Error {
  name = 'MicrophoneError'

  /**
   * @param {string} message What the person can do about it.
   * @param {string} code `microphone_denied`, `microphone_denied_by_system`, `microphone_forbidden`, `no_microphone`,
   *   `microphone_busy`, `microphone_failed`, `unsupported_browser` or `insecure_page`; in a call `microphone_interrupted`
   *   or `microphone_ended`.
   * @param {unknown} [cause]
   */
  constructor(message, code, cause) {
    super(message, { cause })
    this.code = code
  }
}

/**
 * Opens the microphone. The browser asks the person first, unless it was allowed before.
 *
 * Without echo cancellation the model hears itself through the loudspeaker, and interrupts itself.
 *
 * @param {OpenMicrophoneOptions} [options]
 * @returns {Promise<MediaStream>} Whoever opened it stops its tracks.
 * @throws {MicrophoneError} When it is denied, missing, in use or fails, or the browser gives this page none.
 */
export async function openMicrophone({ deviceId, devices = globalThis.navigator?.mediaDevices } = {}) {
  if (!devices) throw microphoneError(globalThis.isSecureContext ? UNSUPPORTED : INSECURE)
  try {
    return await devices.getUserMedia({
      audio: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        ...(deviceId && { deviceId: { exact: deviceId } })
      }
    })
  } catch (error) {
    throw asMicrophoneError(error)
  }
}

/**
 * Turns an error of `getUserMedia` into ours. The browser's has a number for a code, and where the hardware fails its
 * name is `AbortError`, as if somebody had hung up.
 *
 * @param {unknown} error Of `getUserMedia`.
 * @returns {unknown} A {@link MicrophoneError}; what is no error of the browser's stays as it is.
 */
export function asMicrophoneError(error) {
  const { name, message } = /** @type {Error} */ (error)
  // Not every browser's `OverconstrainedError` is a DOMException.
  if (!(error instanceof DOMException || name === 'OverconstrainedError')) return error
  if (name === 'NotAllowedError' && isForbidden()) return microphoneError(FORBIDDEN, error)
  if (name === 'NotAllowedError' && /system/i.test(message)) return microphoneError(DENIED_BY_SYSTEM, error)
  return microphoneError(ERRORS.get(name) ?? FAILED, error)
}

/** Whether a policy says so. Chromium alone tells, by the older name. */
function isForbidden() {
  const { permissionsPolicy, featurePolicy } = /** @type {any} */ (globalThis.document ?? {})
  return (permissionsPolicy ?? featurePolicy)?.allowsFeature('microphone') === false
}

/** The system has taken it, and will give it back. */
export function interrupted() {
  return microphoneError(INTERRUPTED)
}

/** @param {unknown} [cause] Why it could not be opened again. */
export function ended(cause) {
  return microphoneError(ENDED, cause)
}

/**
 * @param {{code: string, message: string}} error
 * @param {unknown} [cause]
 */
function microphoneError({ code, message }, cause) {
  return new MicrophoneError(message, code, cause)
}

/**
 * Lists the microphones. `devicechange` of `navigator.mediaDevices` tells when to ask again.
 *
 * @param {MediaDevices | undefined} [devices]
 * @returns {Promise<MicrophoneDevice[]>} None before the microphone was allowed: browsers keep ids and names to themselves.
 */
export async function microphones(devices = globalThis.navigator?.mediaDevices) {
  const all = (await devices?.enumerateDevices()) ?? []
  return all
    .filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ deviceId, label }))
}

/** @returns {Promise<PermissionState | undefined>} Whether the person has allowed the microphone; undefined where the browser does not tell. */
export async function microphonePermission() {
  return (await microphonePermissionStatus())?.state
}

/** @returns {Promise<PermissionStatus | undefined>} The same, and an event `change` when it is another. */
export async function microphonePermissionStatus() {
  try {
    // Not in every browser's list, nor in TypeScript's.
    return await globalThis.navigator?.permissions?.query({ name: /** @type {PermissionName} */ ('microphone') })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return undefined
  }
}
