import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { codesWithMessage, messageOf } from '../../web/messages/messages.js'

const root = new URL('../../', import.meta.url)
const read = (path) => readFileSync(new URL(path, root), 'utf8')

/** The codes that something may fail with, as they are written in a file. */
function codes(path, pattern) {
  return [...read(path).matchAll(pattern)].map(([, code]) => code)
}

function ofTheContract() {
  return codes('layers/realtime/realtime/errors.py', /^ {4}status, code = \d{3}, "(\w+)"$/gm)
}

function ofTheClient() {
  const files = globSync('web/**/*.js', { cwd: root }).filter((path) => !/messages|reconnection/.test(path))
  return files.flatMap((path) => [
    ...codes(path, /\bcode(?::| =) '(\w+)'/g),
    ...codes(path, /new (?:SignIn|Connection)Error\([^\n]*'(\w+)'(?:, (?:error|cause))?\)/g)
  ])
}

test('every error of the contract has a message', () => {
  assert.equal(ofTheContract().length, 23)
  assert.deepEqual(ofTheContract().filter((code) => !codesWithMessage().includes(code)), [])
})

test('every error of the client has a message', () => {
  const wanted = new Set(ofTheClient())
  for (const known of ['microphone_denied', 'unreachable', 'ended_upstream', 'sign_in_expired', 'no_library']) assert.ok(wanted.has(known))

  assert.deepEqual([...wanted].filter((code) => !codesWithMessage().includes(code)), [])
})

test('a message is whole sentences: what happened, and what to do', () => {
  for (const code of codesWithMessage()) {
    for (const sentence of messageOf({ code })) assert.match(sentence, /^[A-Z].{8,}\.$/)
  }
})

test('what happened is said in words of the person, not of the protocol', () => {
  for (const code of codesWithMessage()) assert.doesNotMatch(messageOf({ code })[0], /SDP|API|upstream|token|_/)
})

test('where the code is not known the status tells, and else the log', () => {
  assert.deepEqual(messageOf({ code: 'status_401', status: 401 }), ['Your sign-in is not valid any more.', 'Sign in again, then connect.'])
  const unknown = ['Something went wrong.', 'Reload the page, then connect again.', 'The log has more, under the id of the request.']
  assert.deepEqual(messageOf({ code: 'new_code' }), unknown)
  assert.deepEqual(messageOf({ code: 'constructor' }), unknown)
})

test('an error of the session that nobody knows does not end the call', () => {
  const [, fix] = messageOf({ name: 'SessionError', code: 'invalid_value' })

  assert.equal(fix, 'The call goes on. If it does not answer, hang up and connect again.')
})
