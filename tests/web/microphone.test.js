import assert from 'node:assert/strict'
import { test } from 'node:test'

import { MicrophoneError, microphones, openMicrophone } from '../../web/realtime/microphone.js'

const refusing = (name) => ({ getUserMedia: () => Promise.reject(new DOMException('The browser’s own words', name)) })

test('the microphone is opened so that the model does not hear itself', async () => {
  const asked = []
  const devices = { getUserMedia: async (constraints) => (asked.push(constraints), 'the stream') }

  assert.equal(await openMicrophone(devices), 'the stream')
  assert.deepEqual(asked, [{ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } }])
})

test('a chosen microphone is that one or none', async () => {
  const asked = []
  const devices = { getUserMedia: async ({ audio }) => void asked.push(audio.deviceId) }

  await openMicrophone(devices, { deviceId: 'the desk’s' })

  assert.deepEqual(asked, [{ exact: 'the desk’s' }])
})

test('the microphones are listed by id and name, without loudspeakers and what the browser keeps to itself', async () => {
  const all = [
    { kind: 'audioinput', deviceId: 'default', label: 'Default', groupId: '1' },
    { kind: 'audioinput', deviceId: '', label: '', groupId: '' },
    { kind: 'audiooutput', deviceId: 'a2', label: 'Loudspeaker', groupId: '1' }
  ]

  assert.deepEqual(await microphones({ enumerateDevices: async () => all }), [{ deviceId: 'default', label: 'Default' }])
})

test('a page that is not served securely has no microphones', async () => {
  assert.deepEqual(await microphones(undefined), [])
})

for (const [name, code] of [
  ['NotAllowedError', 'microphone_denied'],
  ['NotFoundError', 'no_microphone'],
  ['NotReadableError', 'microphone_busy'],
  ['OverconstrainedError', 'no_microphone']
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
