import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Preferences } from '../../web/settings/preferences.js'
import { FakeStorage } from './fakes.js'

test('what was chosen is there the next time', () => {
  const kept = new FakeStorage()
  new Preferences(kept).keep({ preset: 'colours', volume: 0.5 })
  new Preferences(kept).keep({ volume: 1 })

  assert.deepEqual(new Preferences(kept).choices, { preset: 'colours', volume: 1 })
})

test('what cannot be read is nothing', () => {
  for (const text of [undefined, 'no JSON', 'null', '7']) assert.deepEqual(new Preferences(new FakeStorage({ choices: text })).choices, {})
})

test('a browser that keeps nothing is good for one visit', () => {
  const full = { getItem: () => null, setItem: () => { throw new DOMException('full', 'QuotaExceededError') } }
  const preferences = new Preferences(full)
  preferences.keep({ preset: 'colours' })

  assert.deepEqual(preferences.choices, { preset: 'colours' })
})
