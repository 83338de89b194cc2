/** An OpenID provider, as far as a page can see it: the real library talks to it. */

export const CONFIG = {
  issuer: 'https://issuer.example/pool',
  client_id: 'page',
  audience: 'page',
  scope: 'openid email',
  access: 'signed-in'
}
export const PAGE = 'https://page.example/'

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as a provider makes it; nobody here verifies its signature. */
export const jwt = (claims) => `${base64url({ alg: 'RS256' })}.${base64url({ iss: CONFIG.issuer, ...claims })}.c2lnbmVk`

/** Keeps what it is asked. `life`: of its tokens, in seconds; `more`: further members of its discovery document. */
export class FakeProvider {
  requests = []
  life = 3600
  more = {}
  refusal
  nonce
  issuer

  /** @param {string} [issuer] */
  constructor(issuer = CONFIG.issuer) {
    this.issuer = issuer
  }

  fetch = async (url, { method = 'GET', headers = {}, body } = {}) => {
    const { origin, pathname } = new URL(url, PAGE)
    const ours = origin === new URL(PAGE).origin
    this.requests.push({ method, path: pathname, headers: new Headers(headers), body: body === undefined ? {} : Object.fromEntries(new URLSearchParams(String(body))) })
    if (ours) return this.api(pathname)
    if (pathname.endsWith('openid-configuration')) return Response.json(this.document)
    if (this.refusal) return Response.json(this.refusal, { status: 400 })
    return pathname === '/token' ? Response.json(this.tokens()) : new Response()
  }

  api = () => new Response(null, { status: 204 })

  get document() {
    const endpoint = (name) => `https://login.example/${name}`
    return { issuer: this.issuer, authorization_endpoint: endpoint('authorize'), token_endpoint: endpoint('token'), ...this.more }
  }

  tokens() {
    const iat = Math.floor(Date.now() / 1000)
    const claims = { iss: this.issuer, aud: CONFIG.audience, sub: '7', email: 'ann@example.com', iat, exp: iat + this.life, nonce: this.nonce }
    return { access_token: 'opaque', token_type: 'Bearer', id_token: jwt(claims), refresh_token: 'again' }
  }

  /** What was asked of a path. */
  asked(path) {
    return this.requests.filter((request) => request.path === path)
  }
}
