const OAUTH_ERROR = /^[a-z_]{1,40}$/;

/** What the issuer means in our setting, as far as its answer tells (RFC 6749 §5.2, RFC 8707 §2). */
const MEANING: Record<string, string> = {
  invalid_client: 'it does not know the client, or not by this key and certificate',
  unauthorized_client: 'the client may not act in this way',
  invalid_scope: 'the person or client lacks a right that was asked for',
  invalid_target: 'the person or client has no right in this tenant',
};

/** The issuer refused a token for a reason other than an ended session (RFC 6749 §5.2, RFC 8707 §2). */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
  readonly code: string;

  constructor(code: string) {
    const known = OAUTH_ERROR.test(code) ? code : 'unnamed';
    const meaning = MEANING[known];
    super(`The issuer gave no token: ${meaning === undefined ? known : `${meaning} (${known})`}.`);
    this.code = known;
  }
}
