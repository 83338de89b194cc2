/**
 * An OpenID provider on 127.0.0.1 that lets in whoever types a name: the certified one of the npm registry, configured.
 *
 * node openid-provider.js <issuer> <the page's URL> <seconds that a token lives> <audience of JWT access tokens, or nothing>
 */

import Provider from 'oidc-provider'

const [issuer, page, life, audience] = process.argv.slice(2)

/** @param {string} client_id */
const pageOf = (client_id) => ({
  client_id,
  token_endpoint_auth_method: 'none',
  redirect_uris: [page],
  post_logout_redirect_uris: [page],
  grant_types: ['authorization_code', 'refresh_token']
})

const provider = new Provider(issuer, {
  clients: [pageOf('the-page'), pageOf('another-page')],
  clientBasedCORS: () => true,
  claims: { openid: ['sub'], email: ['email'] },
  conformIdTokenClaims: false,
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, email: accountId }) }),
  issueRefreshToken: () => true,
  // Everybody agrees to everything.
  async loadExistingGrant({ oidc: { client, session, provider: { Grant } } }) {
    const grant = new Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid email')
    if (audience) grant.addResourceScope(audience, 'openid email')
    await grant.save()
    return grant
  },
  features: {
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: Boolean(audience),
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ audience, accessTokenFormat: 'jwt', scope: 'openid email', jwt: { sign: { alg: 'RS256' } } })
    }
  },
  ttl: { AccessToken: Number(life), IdToken: Number(life), RefreshToken: 3600, Grant: 3600, Interaction: 3600, Session: 3600 }
})

provider.listen(Number(new URL(issuer).port), '127.0.0.1')
