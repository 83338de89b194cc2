/** What other pages import: a call, the two ways to signal it, its microphone and meters, and the errors it ends with. */

export { Call } from './call.js'
export { ClientEventError } from './client-event-error.js'
export { ConnectionError } from './connection-error.js'
export { Meter } from './meter.js'
export { MicrophoneError, microphones, openMicrophone } from './microphone.js'
export { SignalingError, byEphemeralKey, relayed } from './signaling.js'
