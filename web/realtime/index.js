/**
 * What other pages import: a call, the two ways to signal it, its microphone, meters and cost, and the errors it ends with.
 *
 * @module realtime-serverless
 */

export { Call } from './call.js'
export { ClientEventError } from './client-event-error.js'
export { ConnectionError } from './connection-error.js'
export { Cost } from './cost.js'
export { Meter } from './meter.js'
export { MicrophoneError, microphonePermission, microphones, openMicrophone } from './microphone.js'
export { usage } from './minutes.js'
export { PRICES } from './prices.js'
export { byEphemeralKey, relayed } from './signaling.js'
export { SignalingError } from './signaling-error.js'
