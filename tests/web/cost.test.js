import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Cost } from '../../web/realtime/cost.js'
import { PRICES } from '../../web/realtime/prices.js'

const prices = {
  date: '2026-01-01',
  source: 'https://upstream.example/prices',
  models: {
    'gpt-test': {
      text: { input: 4, cached: 1, output: 16 },
      audio: { input: 32, cached: 2, output: 64 },
      image: { input: 5, cached: 0.5 }
    }
  }
}

const created = (model) => ({ type: 'session.created', session: { model } })

function done({ text = 0, audio = 0, image = 0, cached = {}, written = 0, spoken = 0 }) {
  const usage = {
    input_token_details: { text_tokens: text, audio_tokens: audio, image_tokens: image, cached_tokens_details: cached },
    output_token_details: { text_tokens: written, audio_tokens: spoken }
  }
  return { type: 'response.done', response: { usage } }
}

function dollars(...events) {
  const cost = new Cost(prices)
  for (const event of events) cost.follow(event)
  return cost.dollars
}

test('each modality has its price, in and out', () => {
  assert.equal(dollars(created('gpt-test'), done({ text: 1_000_000 })), 4)
  assert.equal(dollars(created('gpt-test'), done({ audio: 1_000_000 })), 32)
  assert.equal(dollars(created('gpt-test'), done({ image: 1_000_000 })), 5)
  assert.equal(dollars(created('gpt-test'), done({ written: 1_000_000 })), 16)
  assert.equal(dollars(created('gpt-test'), done({ spoken: 1_000_000 })), 64)
})

test('tokens that were cached are among the others, and cost less', () => {
  const cached = { text_tokens: 500_000, audio_tokens: 1_000_000 }

  assert.equal(dollars(created('gpt-test'), done({ text: 1_000_000, audio: 1_000_000, cached })), 2 + 0.5 + 2)
})

test('the responses of a call add up', () => {
  assert.equal(dollars(created('gpt-test'), done({ audio: 500_000 }), done({ spoken: 500_000 })), 16 + 32)
})

test('nothing is estimated before the first response, and nothing for a response without usage', () => {
  assert.equal(dollars(created('gpt-test')), undefined)
  assert.equal(dollars(created('gpt-test'), { type: 'response.done', response: { status: 'cancelled', usage: null } }), undefined)
})

test('a snapshot has the price of its model, and a model without a price no estimate', () => {
  assert.equal(dollars(created('gpt-test-2026-08-28'), done({ audio: 1_000_000 })), 32)
  assert.equal(dollars(created('gpt-unknown'), done({ audio: 1_000_000 })), undefined)
  assert.equal(dollars(done({ audio: 1_000_000 })), undefined)
})

test('details that the upstream leaves out count as nothing', () => {
  assert.equal(dollars(created('gpt-test'), { type: 'response.done', response: { usage: {} } }), 0)
})

test('the table names its day and its source, and the default model of the presets', () => {
  assert.match(PRICES.date, /^20\d\d-\d\d-\d\d$/)
  assert.match(PRICES.source, /^https:/)
  assert.deepEqual(PRICES.models['gpt-realtime-2.1'].audio, { input: 32, cached: 0.4, output: 64 })
})
