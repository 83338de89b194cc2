/** How well a call goes, out of what every browser reports: https://www.w3.org/TR/webrtc-stats/ */

/** @import {CallStatistics} from './types.js' */

/** Below this a stream is silent: -60 dBov. */
const SILENCE = 0.001

/**
 * @param {RTCStatsReport} report
 * @returns {CallStatistics} A figure is undefined until the browser has measured it, or where it never does.
 */
export function statisticsOf(report) {
  const received = audio(report, 'inbound-rtp')
  const sent = audio(report, 'outbound-rtp')
  const { packetsReceived, packetsLost } = received
  // Duplicates make the number of lost packets negative (RFC 3550, section 6.4.1).
  const lost = Math.max(packetsLost ?? 0, 0)
  return {
    roundTripMs: milliseconds(pair(report).currentRoundTripTime ?? audio(report, 'remote-inbound-rtp').roundTripTime),
    jitterMs: milliseconds(received.jitter),
    lossRatio: packetsReceived + lost > 0 ? lost / (packetsReceived + lost) : undefined,
    packetsReceived,
    packetsSent: sent.packetsSent,
    bytesReceived: received.bytesReceived,
    bytesSent: sent.bytesSent
  }
}

/**
 * @param {RTCStatsReport} report
 * @returns {boolean | undefined} Whether the other side is heard; undefined where the browser does not say.
 */
export function isHeard(report) {
  const { audioLevel } = audio(report, 'inbound-rtp')
  return audioLevel === undefined ? undefined : audioLevel > SILENCE
}

/**
 * @param {RTCStatsReport} report
 * @param {string} type
 */
function audio(report, type) {
  return find(report, (stats) => stats.type === type && (stats.kind ?? 'audio') === 'audio')
}

/**
 * The pair of candidates that the call goes over. Firefox has long had no `transport` that would name it.
 *
 * @param {RTCStatsReport} report
 */
function pair(report) {
  const { selectedCandidatePairId } = find(report, ({ type }) => type === 'transport')
  if (selectedCandidatePairId) return report.get(selectedCandidatePairId) ?? {}
  return find(report, ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded')
}

/**
 * @param {RTCStatsReport} report
 * @param {(stats: any) => boolean} wanted
 * @returns {any} Empty where there is none: each of its figures is undefined then.
 */
function find(report, wanted) {
  return [...report.values()].find(wanted) ?? {}
}

/** @param {number | undefined} seconds */
function milliseconds(seconds) {
  return seconds === undefined ? undefined : seconds * 1000
}
