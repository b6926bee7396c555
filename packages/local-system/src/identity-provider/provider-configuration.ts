import type { JWK } from 'jose';
import {
  type Adapter,
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
  type AccessToken,
  type ClientCredentials,
} from 'oidc-provider';
import { certificateNaming } from './client-certificate.ts';
import { CLIENT_CREDENTIALS } from './client-credentials.grant.ts';
import type { ClientGrant, ClientRegistration, Directory } from './directory.ts';
import { RESOURCE, RESOURCE_SERVER, TOKEN_LIFETIME_SECONDS, verificationKey } from './resource.ts';
import type { DecidedClaims } from './token-claims.ts';
import { TOKEN_EXCHANGE } from './token-exchange.grant.ts';

export type ConfigurationParts = {
  directory: Directory;
  signingKey: JWK;
  cookieKey: string;
  store: (model: string) => Adapter;
  approvals: Adapter;
  claims: DecidedClaims;
};

const GRANT_TYPES: Record<ClientGrant, string> = {
  client_credentials: CLIENT_CREDENTIALS,
  token_exchange: TOKEN_EXCHANGE,
  authorization_code: 'authorization_code',
};

function clientMetadata(client: ClientRegistration) {
  const interactive = client.grants.includes('authorization_code');
  return {
    client_id: client.clientId,
    token_endpoint_auth_method: 'private_key_jwt' as const,
    token_endpoint_auth_signing_alg: 'ES256' as const,
    jwks: { keys: [verificationKey(client.publicJwk)] },
    grant_types: client.grants.map((grant) => GRANT_TYPES[grant]),
    redirect_uris: [...(client.redirectUris ?? [])],
    response_types: interactive ? (['code'] as const) : [],
    tls_client_certificate_bound_access_tokens: true,
    id_token_signed_response_alg: 'ES256' as const,
  };
}

/** Every authorization request is a fresh sign-in: a token's tenant and `auth_time` are never inherited. */
function alwaysSignIn() {
  const policy = interactionPolicy.base();
  const fresh = new interactionPolicy.Check(
    'fresh_sign_in',
    'a fresh sign-in is required',
    'login_required',
    (ctx) =>
      ctx.oidc.result?.login === undefined
        ? interactionPolicy.Check.REQUEST_PROMPT
        : interactionPolicy.Check.NO_NEED_TO_PROMPT,
  );
  policy.get('login')?.checks.add(fresh);
  return policy;
}

/** Claims of our own grants were decided there; those of a code come from the sign-in behind it. */
async function claimsOf(
  { approvals, claims }: ConfigurationParts,
  ctx: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
) {
  const decided = claims.of(token);
  if (decided !== undefined) return decided;
  const code = ctx.oidc.entities.AuthorizationCode;
  const approval = code?.grantId === undefined ? undefined : await approvals.find(code.grantId);
  if (code === undefined || !approval) {
    throw new errors.InvalidGrant('no sign-in is behind this token');
  }
  return { tenant: approval['tenant'], auth_time: code.authTime, amr: code.amr, acr: code.acr };
}

function features({ clients }: Directory): NonNullable<Configuration['features']> {
  const uriOf = (clientId: string | undefined) =>
    clients.find((client) => client.clientId === clientId)?.certificateUri;
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: true },
    dPoP: { enabled: false },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      getCertificate: (ctx) => {
        const uri = uriOf(ctx.oidc.client?.clientId);
        return uri === undefined ? undefined : certificateNaming(uri, ctx.req);
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource) => {
        if (resource !== RESOURCE) throw new errors.InvalidTarget();
        return RESOURCE_SERVER;
      },
    },
  };
}

/** oidc-provider's settings: what is not switched on here is off. */
export function providerConfiguration(parts: ConfigurationParts): Configuration {
  const { directory, signingKey, cookieKey, store } = parts;
  return {
    adapter: store,
    jwks: { keys: [{ ...signingKey, use: 'sig', alg: 'ES256' }] },
    cookies: { keys: [cookieKey] },
    clients: directory.clients.map(clientMetadata),
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
    findAccount: (_ctx, sub) =>
      directory.people.some((person) => person.sub === sub)
        ? { accountId: sub, claims: () => ({ sub }) }
        : undefined,
    extraParams: ['tenant'],
    extraTokenClaims: (ctx, token) => claimsOf(parts, ctx, token),
    interactions: { policy: alwaysSignIn(), url: (_ctx, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    expiresWithSession: () => false,
    issueRefreshToken: () => false,
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid'],
    ttl: {
      AccessToken: TOKEN_LIFETIME_SECONDS,
      ClientCredentials: TOKEN_LIFETIME_SECONDS,
      AuthorizationCode: 60,
      Grant: 900,
      IdToken: TOKEN_LIFETIME_SECONDS,
      Interaction: 600,
      Session: 900,
    },
    features: features(directory),
  };
}
