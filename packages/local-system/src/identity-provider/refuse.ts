import { errors } from 'oidc-provider';

/** Error codes of RFC 6749 §5.2, RFC 8693 §2.2.2 and RFC 8707 §2 that this provider answers itself. */
export type TokenError = 'invalid_request' | 'invalid_grant' | 'invalid_scope' | 'invalid_target';

/** An OAuth error whose description the caller may read. Never quotes what was sent. */
export function refuse(code: TokenError, description: string): never {
  throw new errors.CustomOIDCProviderError(code, description);
}
