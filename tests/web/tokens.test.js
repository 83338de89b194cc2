import assert from 'node:assert/strict'
import { test } from 'node:test'

import { bearerOf, claimsOf, sessionOf } from '../../web/sign-in/tokens.js'
import { CONFIG, jwt } from './provider.js'

const NOW = 1_800_000_000_000
const ours = (claims = {}) => jwt({ aud: CONFIG.audience, exp: NOW / 1000 + 3600, iat: NOW / 1000, ...claims })

test('the claims of a token are read, whatever script they are in', () => {
  assert.deepEqual(claimsOf(jwt({ sub: 'Zoë 吉' })), { iss: CONFIG.issuer, sub: 'Zoë 吉' })
})

test('a token that is no JWT has no claims', () => {
  for (const token of [undefined, '', 'opaque', 'a.b', 'a.!!.c', `a.${btoa('7')}.c`, `a.${btoa('null')}.c`]) assert.equal(claimsOf(token), undefined)
})

test('the access token goes to the API where it is for it: by audience, one of several, or Cognito’s client id', () => {
  const id_token = ours()
  for (const claims of [{ aud: CONFIG.audience }, { aud: ['other', CONFIG.audience] }, { client_id: CONFIG.audience }]) {
    const access_token = jwt(claims)
    assert.equal(bearerOf({ access_token, id_token }, CONFIG), access_token)
  }
})

test('the id token goes where the access token is opaque, for another audience, or of another issuer', () => {
  const id_token = ours()
  const others = [
    'opaque',
    jwt({ aud: 'other' }),
    jwt({ aud: 'other', client_id: CONFIG.audience }),
    jwt({ aud: CONFIG.audience, iss: 'https://other.example' })
  ]
  for (const access_token of others) assert.equal(bearerOf({ access_token, id_token }, CONFIG), id_token)
})

test('where no token is for the API there is no session', () => {
  assert.equal(sessionOf({ access_token: 'opaque', id_token: jwt({ aud: 'other' }) }, CONFIG, NOW), undefined)
})

test('a session ends when its token does, by this clock, and is renewed a minute before', () => {
  const behind = NOW - 600_000
  const id_token = ours({ email: 'ann@example.com', sub: '7' })

  assert.deepEqual(sessionOf({ access_token: 'opaque', id_token, refresh_token: 'again' }, CONFIG, behind), {
    bearer: id_token,
    refreshToken: 'again',
    who: 'ann@example.com',
    renewAt: behind + 3_540_000,
    endsAt: behind + 3_600_000
  })
})

test('an access token lives as long as the provider says, and a short life is used for three quarters', () => {
  const session = sessionOf({ access_token: ours(), expires_in: 8 }, CONFIG, NOW)

  assert.deepEqual([session.renewAt, session.endsAt], [NOW + 6_000, NOW + 8_000])
})

test('what a renewal does not repeat stays as it was', () => {
  const before = sessionOf({ id_token: ours({ email: 'ann@example.com' }), refresh_token: 'again' }, CONFIG, NOW)

  const { refreshToken, who } = sessionOf({ access_token: ours({ sub: '7' }) }, CONFIG, NOW, before)

  assert.deepEqual([refreshToken, who], ['again', 'ann@example.com'])
})
