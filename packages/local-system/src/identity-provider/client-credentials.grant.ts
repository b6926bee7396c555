import { boundClient, type GrantParts, requireKnownResource } from './grant-context.ts';
import { chooseScopes, chooseTenant } from './requested-rights.ts';
import { RESOURCE, RESOURCE_SERVER } from './resource.ts';

export const CLIENT_CREDENTIALS = 'client_credentials';

/**
 * A token in the client's own name (RFC 6749 §4.4). Nobody is behind it, so it can never disclose a number.
 * Ours replaces the library's, which would drop the tenant and narrow the scopes silently.
 */
export function registerClientCredentials({ provider, directory, claims }: GrantParts): void {
  provider.registerGrantType<{ tenant?: unknown }>(
    CLIENT_CREDENTIALS,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const { registration, certificate } = boundClient(ctx, directory);
      requireKnownResource(params.resource);
      const token = new provider.ClientCredentials({
        client,
        scope: chooseScopes(params.scope, registration.scopes).join(' '),
      });
      token.resourceServer = new provider.ResourceServer(RESOURCE, RESOURCE_SERVER);
      token.setThumbprint('x5t', certificate);
      claims.decide(token, { tenant: chooseTenant(params.tenant, registration.tenants) });
      ctx.oidc.entity('ClientCredentials', token);
      const value = await token.save();
      ctx.body = {
        access_token: value,
        token_type: 'Bearer',
        expires_in: token.expiration,
        scope: token.scope,
      };
    },
    ['scope', 'tenant', 'resource'],
  );
}
