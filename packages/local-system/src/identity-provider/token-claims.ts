import type { AccessToken, ClientCredentials, UnknownObject } from 'oidc-provider';

/** How somebody proved who they are: RFC 8176 names in `amr`; `acr` is this provider's own. */
export const BY_PASSWORD = { amr: ['pwd'], acr: 'urn:mynumber-vault:acr:password' };
export const BY_SIGN_IN_KEY = { amr: ['swk'], acr: 'urn:mynumber-vault:acr:sign-in-key' };

/** The claims beyond RFC 9068 that our tokens carry. */
export type TokenClaims = {
  tenant: string;
  auth_time?: number;
  amr?: readonly string[];
  acr?: string;
  act?: { sub: string };
};

type Token = AccessToken | ClientCredentials;

/** Remembers a token's claims between its making and its signing, where the library asks for them. */
export function createTokenClaims() {
  const decided = new WeakMap<Token, TokenClaims>();
  return {
    decide: (token: Token, claims: TokenClaims): void => void decided.set(token, claims),
    of: (token: Token): UnknownObject | undefined => decided.get(token),
  };
}

export type DecidedClaims = ReturnType<typeof createTokenClaims>;
