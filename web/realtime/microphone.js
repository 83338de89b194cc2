/** The microphone: asked for with echo cancellation, and its refusal put in words that say what to do. */

/** @import {MicrophoneChoice, MicrophoneDevice} from './types.js' */

/** @type {Record<string, {code: string, message: string}>} */
const REFUSALS = {
  NotAllowedError: {
    code: 'microphone_denied',
    message: 'The microphone was not allowed. Allow it in the browser’s site settings, then connect again.'
  },
  NotFoundError: { code: 'no_microphone', message: 'No microphone was found. Plug one in, then connect again.' },
  NotReadableError: {
    code: 'microphone_busy',
    message: 'The microphone could not be opened. Close what else uses it, then connect again.'
  },
  OverconstrainedError: {
    code: 'no_microphone',
    message: 'The chosen microphone is not there. Plug it in or choose another, then connect again.'
  }
}

/** Thrown when there is no microphone to speak into. */
export class MicrophoneError extends Error {
  name = 'MicrophoneError'

  /**
   * @param {string} message What the person can do about it.
   * @param {string} code `microphone_denied`, `no_microphone`, `microphone_busy` or `insecure_page`.
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
 * @param {MediaDevices | undefined} [devices]
 * @param {MicrophoneChoice} [choice]
 * @returns {Promise<MediaStream>} Whoever opened it stops its tracks.
 * @throws {MicrophoneError} When it is denied, missing or in use, or the page is not served securely.
 */
export async function openMicrophone(devices = globalThis.navigator?.mediaDevices, { deviceId } = {}) {
  if (!devices) {
    const message = 'The browser gives the microphone only to pages that are served over HTTPS or from localhost.'
    throw new MicrophoneError(message, 'insecure_page')
  }
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
    // Not every browser's `OverconstrainedError` is a DOMException.
    const refusal = error instanceof Error && REFUSALS[error.name]
    if (!refusal) throw error
    throw new MicrophoneError(refusal.message, refusal.code, error)
  }
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
