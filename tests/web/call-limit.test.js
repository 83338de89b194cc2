import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aCall, aConnectedCall, heard } from './calls.js'
import { ANSWER, settled } from './fakes.js'

/** A call that is up, which the server ends after 15 minutes. */
async function aLimitedCall(t, seconds = 900) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 })
  let hangUps = 0
  const signaling = async () => ({ answer: ANSWER, callId: 'rtc_1', hangUp: async () => void hangUps++, seconds })
  const made = aCall({ signaling })
  const ending = heard(made.call, 'ending')
  const connecting = made.call.connect()
  await settled()
  made.connection.become('connected')
  await connecting
  return { ...made, ending, hangUps: () => hangUps }
}

test('a call knows when the server ends it, and how long that is from now', async (t) => {
  const { call } = await aLimitedCall(t)

  t.mock.timers.tick(300_000)

  assert.deepEqual([call.endsAt, call.secondsLeft], [new Date(1_900_000), 600])
})

test('where the server sets no limit a call knows none', async () => {
  const { call } = await aConnectedCall()

  assert.deepEqual([call.endsAt, call.secondsLeft], [undefined, undefined])
})

test('a minute before its time it is told that a call is ending, once; then the call hangs up by itself', async (t) => {
  const { call, microphone, states, ending, hangUps } = await aLimitedCall(t)
  t.mock.timers.tick(839_999)
  assert.deepEqual(ending, [])

  t.mock.timers.tick(1)
  assert.deepEqual([ending, call.state], [[{ secondsLeft: 60 }], 'connected'])
  t.mock.timers.tick(60_000)

  assert.deepEqual(states.at(-1), ['closed', 'time_limit'])
  assert.deepEqual([ending.length, hangUps(), microphone.track.stopped, call.secondsLeft], [1, 1, true, 0])
})

test('a call that can last half a minute is ending from the beginning', async (t) => {
  const { ending } = await aLimitedCall(t, 30)

  t.mock.timers.tick(1)

  assert.deepEqual(ending.map(({ secondsLeft }) => Math.round(secondsLeft)), [30])
})

for (const [seconds, words] of [[900, '15 minutes'], [60, '1 minute'], [754, '12 minutes and 34 seconds'], [1, '1 second']]) {
  test(`the limit of ${seconds} seconds is told as ${words}`, async (t) => {
    const { call } = await aLimitedCall(t, seconds)
    const closed = heard(call, 'state')

    t.mock.timers.tick(seconds * 1000)

    assert.equal(closed[0].error.message, `The call reached its time limit of ${words}.`)
  })
}

for (const [how, code, end] of [
  ['by its channel', 'ended_upstream', ({ channel }) => channel.dispatchEvent(new Event('close'))],
  ['by its connection', 'connection_lost', (connection) => connection.become('failed')]
]) {
  test(`what the server ends ${how} at its time has reached its time limit`, async (t) => {
    const { connection, states } = await aLimitedCall(t)
    t.mock.timers.tick(896_000)

    end(connection)

    assert.deepEqual(states.at(-1), ['closed', 'time_limit'])
  })

  test(`what ends ${how} long before has not`, async (t) => {
    const { connection, states } = await aLimitedCall(t)
    t.mock.timers.tick(890_000)

    end(connection)

    assert.deepEqual(states.at(-1), ['closed', code])
  })
}

test('a call that somebody hangs up at its time has no error, and nothing is told of it later', async (t) => {
  const { call, states, ending } = await aLimitedCall(t)
  t.mock.timers.tick(899_000)
  await call.hangUp()

  t.mock.timers.tick(10_000)

  assert.deepEqual([states.at(-1), ending.length], ['closed', 1])
})
