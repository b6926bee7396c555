export {
  AUDIENCE,
  hashPassword,
  launchIdentityProvider,
  newSigningKey,
  RESOURCE,
  ROLE_SCOPES,
  scopesOf,
  startIdentityProvider,
} from './identity-provider/index.ts';
export type {
  ClientGrant,
  ClientRegistration,
  Directory,
  IdentityProvider,
  IdentityProviderOptions,
  Person,
  Role,
  ServerIdentity,
} from './identity-provider/index.ts';
