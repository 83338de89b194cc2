"""Scripts that tests run in a page: before its own, or to measure."""

HOLD = """
const { mediaDevices } = navigator
const open = mediaDevices.getUserMedia.bind(mediaDevices)
mediaDevices.getUserMedia = (wanted) => new Promise((resolve) => (window.decide = () => resolve(open(wanted))))
"""
"""Leaves the browser's question for the microphone open until the test calls `decide()`."""

TRACKS = """
window.tracks = []
const { mediaDevices } = navigator
const open = mediaDevices.getUserMedia.bind(mediaDevices)
mediaDevices.getUserMedia = async (wanted) => {
  const stream = await open(wanted)
  tracks.push(stream.getAudioTracks()[0])
  return stream
}
"""
"""Records the opened microphone tracks in `tracks`."""

CHANNEL = """
const { createDataChannel } = RTCPeerConnection.prototype
RTCPeerConnection.prototype.createDataChannel = function (...given) {
  return (window.channel = createDataChannel.apply(this, given))
}
window.receive = (event) => channel.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }))
"""
"""Remembers the data channel: what the stand-in never sends is received on it by `receive(event)`."""

LOUDEST = """async (stream) => {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 8192
  context.createMediaStreamSource(stream).connect(analyser)
  const bins = new Float32Array(analyser.frequencyBinCount)
  let before = NaN
  for (const end = performance.now() + 15000; performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    analyser.getFloatFrequencyData(bins)
    // Below 50 Hz nothing is heard: where a stream begins there is an offset.
    bins.fill(-Infinity, 0, Math.ceil((50 * analyser.fftSize) / context.sampleRate))
    const loudest = bins.indexOf(Math.max(...bins))
    // Where a sound begins its spectrum is wide, so a frequency counts that is the loudest twice in a row.
    if (bins[loudest] > -50 && Math.abs(loudest - before) <= 1) return (loudest * context.sampleRate) / analyser.fftSize
    before = bins[loudest] > -50 ? loudest : NaN
  }
  throw new Error('nothing was heard')
}"""
"""Waits until a stream has audio, and returns its loudest frequency in Hz."""
