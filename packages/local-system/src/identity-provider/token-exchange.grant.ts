import type { TokenEndpointGrantContext } from 'oidc-provider';
import { boundClient, type GrantParts, requireKnownResource } from './grant-context.ts';
import { refuse } from './refuse.ts';
import { chooseScopes, chooseTenant } from './requested-rights.ts';
import { AUDIENCE, RESOURCE, RESOURCE_SERVER } from './resource.ts';
import { scopesOf } from './role.ts';
import { readSubjectToken, type SubjectToken } from './subject-token.ts';
import { BY_SIGN_IN_KEY } from './token-claims.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';
const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
const CLOCK_SKEW_SECONDS = 5;

type ExchangeParameters = {
  subject_token?: unknown;
  subject_token_type?: unknown;
  requested_token_type?: unknown;
  actor_token?: unknown;
  audience?: unknown;
  tenant?: unknown;
};
type ExchangeContext = TokenEndpointGrantContext<ExchangeParameters>;

const PARAMETERS = [
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'actor_token',
  'audience',
  'tenant',
  'scope',
  'resource',
];

/** RFC 8693 §2.1, of which we offer one shape: a signed JWT in, an access token out. */
function requireOurShape(params: ExchangeContext['oidc']['params']): string {
  requireKnownResource(params.resource);
  if (params.audience !== undefined && params.audience !== AUDIENCE) {
    refuse('invalid_target', 'unknown audience');
  }
  if (params.actor_token !== undefined) refuse('invalid_request', 'the client itself is the actor');
  if (params.subject_token_type !== JWT_TYPE) {
    refuse('invalid_request', 'subject_token_type must be the jwt type');
  }
  const requested = params.requested_token_type ?? ACCESS_TOKEN_TYPE;
  if (requested !== ACCESS_TOKEN_TYPE) refuse('invalid_request', 'only access tokens are issued');
  if (typeof params.subject_token !== 'string') {
    return refuse('invalid_request', 'subject_token is missing');
  }
  return params.subject_token;
}

async function spend({ provider }: GrantParts, { person, jti, expiresAt }: SubjectToken) {
  const unique = await provider.ReplayDetection.unique(
    `subject:${person.sub}`,
    jti,
    expiresAt + CLOCK_SKEW_SECONDS,
  );
  if (!unique) refuse('invalid_grant', 'the subject token was used before');
}

async function issue(parts: GrantParts, ctx: ExchangeContext, subject: SubjectToken) {
  const { provider, directory, claims } = parts;
  const { registration, certificate } = boundClient(ctx, directory);
  const { person, signedAt } = subject;
  const tenants = person.tenants.filter((tenant) => registration.tenants.includes(tenant));
  const tenant = chooseTenant(ctx.oidc.params.tenant, tenants);
  const scope = chooseScopes(ctx.oidc.params.scope, scopesOf(person.roles)).join(' ');
  const grant = new provider.Grant({ accountId: person.sub, clientId: registration.clientId });
  grant.addResourceScope(RESOURCE, scope);
  const token = new provider.AccessToken({
    client: ctx.oidc.client,
    accountId: person.sub,
    grantId: await grant.save(),
    gty: TOKEN_EXCHANGE,
    scope,
  });
  token.resourceServer = new provider.ResourceServer(RESOURCE, RESOURCE_SERVER);
  token.setThumbprint('x5t', certificate);
  const act = { sub: registration.clientId };
  claims.decide(token, { tenant, auth_time: signedAt, ...BY_SIGN_IN_KEY, act });
  ctx.oidc.entity('AccessToken', token);
  return { value: await token.save(), token };
}

/** RFC 8693: a person signs "act for me now"; the client gets a token with the person as `sub`, itself as `act`. */
export function registerTokenExchange(parts: GrantParts, issuer: string): void {
  parts.provider.registerGrantType<ExchangeParameters>(
    TOKEN_EXCHANGE,
    async (ctx) => {
      const subjectToken = requireOurShape(ctx.oidc.params);
      const subject = await readSubjectToken(subjectToken, {
        people: parts.directory.people,
        issuer,
      });
      await spend(parts, subject);
      const { value, token } = await issue(parts, ctx, subject);
      ctx.body = {
        access_token: value,
        issued_token_type: ACCESS_TOKEN_TYPE,
        token_type: 'Bearer',
        expires_in: token.expiration,
        scope: token.scope,
      };
    },
    PARAMETERS,
  );
}
