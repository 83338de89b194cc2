import assert from 'node:assert/strict'
import { test } from 'node:test'

import { MicrophoneError, openMicrophone } from '../../web/realtime/microphone.js'

const refusing = (name) => ({ getUserMedia: () => Promise.reject(new DOMException('The browser’s own words', name)) })

test('the microphone is opened so that the model does not hear itself', async () => {
  const asked = []
  const devices = { getUserMedia: async (constraints) => (asked.push(constraints), 'the stream') }

  assert.equal(await openMicrophone(devices), 'the stream')
  assert.deepEqual(asked, [{ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } }])
})

for (const [name, code] of [
  ['NotAllowedError', 'microphone_denied'],
  ['NotFoundError', 'no_microphone'],
  ['NotReadableError', 'microphone_busy']
]) {
  test(`${name} becomes ${code}, with words that say what to do`, async () => {
    await assert.rejects(openMicrophone(refusing(name)), (error) => {
      assert.ok(error instanceof MicrophoneError)
      assert.equal(error.code, code)
      assert.match(error.message, /then connect again\.$/)
      assert.equal(error.cause.name, name)
      return true
    })
  })
}

test('any other failure of the browser surfaces as it is', async () => {
  await assert.rejects(openMicrophone(refusing('AbortError')), { name: 'AbortError' })
})

test('a page that is not served securely is told so', async () => {
  await assert.rejects(openMicrophone(undefined), { code: 'insecure_page', message: /over HTTPS or from localhost/ })
})
