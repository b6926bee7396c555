import type { AccessToken } from './access-token.ts';

/** Who calls: the verified token, its text for the services behind, and the certificate of the connection. */
export type Caller = {
  token: AccessToken;
  tokenText: string;
  /** DER. */
  certificate: Buffer;
  x5t: string;
};
