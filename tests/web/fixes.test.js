import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { codesWithFix, fixOf } from '../../web/messages/fixes.js'

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
  const files = globSync('web/**/*.js', { cwd: root }).filter((path) => !/fixes|reconnection/.test(path))
  return files.flatMap((path) => [
    ...codes(path, /\bcode(?::| =) '(\w+)'/g),
    ...codes(path, /new (?:SignIn|Connection)Error\([^\n]*'(\w+)'(?:, (?:error|cause))?\)/g)
  ])
}

test('every error of the contract has a fix', () => {
  assert.equal(ofTheContract().length, 23)
  assert.deepEqual(ofTheContract().filter((code) => !codesWithFix().includes(code)), [])
})

test('every error of the client has a fix', () => {
  const wanted = new Set(ofTheClient())
  for (const known of ['microphone_denied', 'unreachable', 'ended_upstream', 'sign_in_expired', 'no_library']) assert.ok(wanted.has(known))

  assert.deepEqual([...wanted].filter((code) => !codesWithFix().includes(code)), [])
})

test('a fix is one sentence or more', () => {
  for (const code of codesWithFix()) assert.match(fixOf({ code }), /^[A-Z].{8,}[.:]$|^[A-Z].*\.$/)
})

test('where the code is not known the status tells, and else the log', () => {
  assert.equal(fixOf({ code: 'status_401', status: 401 }), 'Sign in again, then connect.')
  assert.match(fixOf({ code: 'new_code', requestId: 'r-1' }), /look the request up in the log/)
  assert.equal(fixOf({ code: 'constructor' }), 'Reload the page, then connect again.')
})
