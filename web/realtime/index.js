/** What other pages import: a call, the two ways to signal it, and the errors that they end with. */

export { Call, ConnectionError } from './call.js'
export { MicrophoneError, openMicrophone } from './microphone.js'
export { SignalingError, byEphemeralKey, relayed } from './signaling.js'
