/** Lets the measurement receive events, and run at once what the page would do before the next frame. */
const { createDataChannel } = RTCPeerConnection.prototype
RTCPeerConnection.prototype.createDataChannel = function (...given) {
  return (window.channel = createDataChannel.apply(this, given))
}
window.receive = (event) => channel.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }))
const wait = requestAnimationFrame.bind(window)
let waiting
window.requestAnimationFrame = (run) => (waiting ? waiting.push(run) : wait(run))
window.fill = (count) => {
  const TEXT = 'There is always something to say about the sea, and about those who sail on it. '
  for (let n = 0; n < count; n++) {
    const role = n % 2 ? 'assistant' : 'user'
    const content = [{ type: n % 2 ? 'output_audio' : 'input_audio', transcript: TEXT }]
    receive({ type: 'conversation.item.done', item: { id: `item_${n}`, type: 'message', role, status: 'completed', content } })
  }
}
window.measure = ({ count, updates }) => {
  const event = { type: 'response.output_audio_transcript.delta', response_id: 'r', item_id: `item_${count - 1}`, delta: 'sea ' }
  waiting = []
  const begin = performance.now()
  for (let n = 0; n < updates; n++) {
    receive(event)
    for (const run of waiting.splice(0)) run(performance.now())
    // Asks for the layout at once.
    document.querySelector('#scroll').scrollHeight
  }
  const each = (performance.now() - begin) / updates
  waiting = undefined
  return each
}
