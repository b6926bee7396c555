const OAUTH_ERROR = /^[a-z_]{1,40}$/;

/** The issuer refused a token for a reason other than an ended session (RFC 6749 §5.2, RFC 8707 §2). */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
  readonly code: string;

  constructor(code: string) {
    const known = OAUTH_ERROR.test(code) ? code : 'unnamed';
    super(`The issuer gave no token: ${known}.`);
    this.code = known;
  }
}
