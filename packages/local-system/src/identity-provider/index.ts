export type { ClientGrant, ClientRegistration, Directory, Person } from './directory.ts';
export { hashPassword } from './password.ts';
export { launchIdentityProvider } from './launch-identity-provider.ts';
export { AUDIENCE, RESOURCE } from './resource.ts';
export { ROLE_SCOPES, scopesOf } from './role.ts';
export type { Role } from './role.ts';
export { newSigningKey, startIdentityProvider } from './start-identity-provider.ts';
export type {
  IdentityProvider,
  IdentityProviderOptions,
  ServerIdentity,
} from './start-identity-provider.ts';
