import type { Timed } from '../measurement.ts';

/** What the process that verifies a certificate is asked for. */
export type CertificateJob =
  /** Takes this certificate, and the trust policy in a file. */
  | { kind: 'take'; jws: string; policyFile: string }
  /** Verifies it so many times: as `mynumber verify certificate` does, or the signature of its JWS alone. */
  | { kind: 'verify' | 'signature'; items: number };

export type CertificateAnswer = Timed;
