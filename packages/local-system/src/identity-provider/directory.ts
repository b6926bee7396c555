import type { Scope } from '@mnv/core';
import type { JWK } from 'jose';
import type { Role } from './role.ts';

/** Somebody who can sign in. The private half of `signInJwk` is the person's; the provider never has it. */
export type Person = {
  /** Sign-in name, unique. */
  name: string;
  /** Subject of the tokens: opaque, never changes. */
  sub: string;
  roles: readonly Role[];
  tenants: readonly string[];
  /** What {@link hashPassword} answered. */
  passwordHash: string;
  /** Public ES256 key. */
  signInJwk: JWK;
};

export type ClientGrant = 'client_credentials' | 'token_exchange' | 'authorization_code';

/** A program that may ask for tokens: authenticated by its key, and bound to its TLS certificate. */
export type ClientRegistration = {
  clientId: string;
  /** Public ES256 key for `private_key_jwt`. */
  publicJwk: JWK;
  /** URI in the TLS certificate the client must present. */
  certificateUri: string;
  tenants: readonly string[];
  /** What the client may have in its own name. People bring their own rights. */
  scopes: readonly Scope[];
  grants: readonly ClientGrant[];
  redirectUris?: readonly string[];
};

/** Who and what the provider knows. */
export type Directory = { people: readonly Person[]; clients: readonly ClientRegistration[] };
