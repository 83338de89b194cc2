import assert from 'node:assert/strict'
import { test } from 'node:test'

import { settled } from './fakes.js'

test('one lock is requested at a time, and none is left when the call is over', async (t) => {
  const locks = []
  class FakeLock {
    released = false
    release = async () => (this.released = true)
  }
  const { promise, resolve } = Promise.withResolvers()
  const wakeLock = { request: async () => promise.then(() => locks[locks.push(new FakeLock()) - 1]) }
  globalThis.document = Object.assign(new EventTarget(), { hidden: false })
  Object.defineProperty(globalThis, 'navigator', { value: { wakeLock }, configurable: true })
  t.after(() => delete globalThis.document)
  const { WakeLock } = await import('../../web/call/wake-lock.js')
  const lock = new WakeLock()

  lock.wanted = true
  document.dispatchEvent(new Event('visibilitychange'))
  resolve()
  await settled()
  lock.wanted = false
  await settled()

  assert.deepEqual(locks.map(({ released }) => released), [true])
})
