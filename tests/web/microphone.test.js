import assert from 'node:assert/strict'
import { test } from 'node:test'

import { MicrophoneError, microphonePermission, microphones, openMicrophone } from '../../web/realtime/index.js'

const refusing = (name) => ({ getUserMedia: () => Promise.reject(new DOMException('The browser’s own words', name)) })

test('the microphone is opened so that the model does not hear itself', async () => {
  const asked = []
  const devices = { getUserMedia: async (constraints) => (asked.push(constraints), 'the stream') }

  assert.equal(await openMicrophone({ devices }), 'the stream')
  assert.deepEqual(asked, [{ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } }])
})

test('a chosen microphone is that one or none', async () => {
  const asked = []
  const devices = { getUserMedia: async ({ audio }) => void asked.push(audio.deviceId) }

  await openMicrophone({ devices, deviceId: 'the desk’s' })

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

for (const [name, code, words] of [
  ['NotAllowedError', 'microphone_denied', /site settings/],
  ['SecurityError', 'microphone_forbidden', /administrator/],
  ['NotFoundError', 'no_microphone', /Plug one in/],
  ['NotReadableError', 'microphone_busy', /Close what else uses it/],
  ['OverconstrainedError', 'no_microphone', /choose another/],
  ['AbortError', 'microphone_failed', /could not be started/],
  ['InvalidStateError', 'microphone_failed', /could not be started/]
]) {
  test(`${name} becomes ${code}, with words that say what to do`, async () => {
    await assert.rejects(openMicrophone({ devices: refusing(name) }), (error) => {
      assert.ok(error instanceof MicrophoneError)
      assert.equal(error.code, code)
      assert.match(error.message, words)
      assert.equal(error.cause.name, name)
      return true
    })
  })
}

test('what the system denies is not mended in the browser’s site settings', async () => {
  const devices = { getUserMedia: () => Promise.reject(new DOMException('Permission denied by system', 'NotAllowedError')) }

  await assert.rejects(openMicrophone({ devices }), { code: 'microphone_denied_by_system', message: /system’s privacy settings/ })
})

for (const name of ['permissionsPolicy', 'featurePolicy']) {
  test(`a microphone that a policy of the page does not allow is forbidden, as ${name} tells`, async (t) => {
    t.after(() => delete globalThis.document)
    globalThis.document = { [name]: { allowsFeature: (feature) => feature !== 'microphone' } }
    await assert.rejects(openMicrophone({ devices: refusing('NotAllowedError') }), { code: 'microphone_forbidden', message: /allow="microphone"/ })

    globalThis.document = { [name]: { allowsFeature: () => true } }
    await assert.rejects(openMicrophone({ devices: refusing('NotAllowedError') }), { code: 'microphone_denied' })
  })
}

test('an OverconstrainedError that is no DOMException reads the same', async () => {
  const devices = { getUserMedia: () => Promise.reject(Object.assign(new Error(''), { name: 'OverconstrainedError' })) }

  await assert.rejects(openMicrophone({ devices }), { code: 'no_microphone' })
})

test('a mistake in the code surfaces as it is', async () => {
  const devices = { getUserMedia: () => Promise.reject(new TypeError('At least one of audio and video must be requested')) }

  await assert.rejects(openMicrophone({ devices }), TypeError)
})

test('a page that is not served securely is told so', async () => {
  await assert.rejects(openMicrophone(), { code: 'insecure_page', message: /over HTTPS or from localhost/ })
})

test('a secure page without microphones is in a browser that has none', async (t) => {
  globalThis.isSecureContext = true
  t.after(() => delete globalThis.isSecureContext)

  await assert.rejects(openMicrophone(), { code: 'unsupported_browser', message: /Open the page in/ })
})

test('whether the person has allowed the microphone is what the browser says, where it says so', async (t) => {
  const asked = []
  const query = async ({ name }) => (asked.push(name), { state: 'denied' })
  t.mock.getter(globalThis, 'navigator', () => ({ permissions: { query } }))
  assert.equal(await microphonePermission(), 'denied')
  assert.deepEqual(asked, ['microphone'])

  t.mock.getter(globalThis, 'navigator', () => ({ permissions: { query: () => Promise.reject(new TypeError('not a PermissionName')) } }))
  assert.equal(await microphonePermission(), undefined)
})
