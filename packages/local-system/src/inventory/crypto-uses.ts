/** Algorithms the product may use, and where they stand. Nothing else may appear in its code. */
export const ALGORITHMS = {
  'aes-256-gcm': ['AES-256-GCM', 'CRYPTREC list: AES, GCM', 'ISO/IEC 18033-3, 19772'],
  'hmac-sha256': ['HMAC-SHA-256', 'CRYPTREC list: HMAC, SHA-256', 'ISO/IEC 9797-2, 10118-3'],
  'hmac-sha512': ['HMAC-SHA-512', 'CRYPTREC list: HMAC, SHA-512', 'ISO/IEC 9797-2, 10118-3'],
  sha256: ['SHA-256', 'CRYPTREC list', 'ISO/IEC 10118-3'],
  ed25519: ['Ed25519 (EdDSA)', 'to be confirmed in the list in force', 'RFC 8032, FIPS 186-5'],
  es256: ['ECDSA P-256 with SHA-256', 'CRYPTREC list: ECDSA', 'ISO/IEC 14888-3'],
  ps256: ['RSA-PSS with SHA-256', 'CRYPTREC list: RSA-PSS', 'ISO/IEC 14888-2'],
  scrypt: ['scrypt', 'not on the list', 'RFC 7914'],
  pbkdf2: ['PBKDF2-HMAC-SHA-256', 'over HMAC and SHA-256', 'RFC 8018'],
  tls13: ['TLS 1.3', 'per the TLS guideline of CRYPTREC', 'RFC 8446'],
} as const;

export type AlgorithmName = keyof typeof ALGORITHMS;

/** What a keyed algorithm is used for, with which key, and who holds that. */
export type CryptoUse = {
  use: string;
  algorithms: readonly AlgorithmName[];
  key: string;
  files: readonly string[];
};

const TREE = 'packages/erasure-tree/src';
const KIT = 'packages/service-kit/src';
const LOG = 'packages/transparency-log/src';

/** Every file of the product that ciphers, signs, verifies, authenticates or derives a key is under one use. */
export const CRYPTO_USES: readonly CryptoUse[] = [
  {
    use: 'Numbers, record keys and node keys at rest (key-committing envelope)',
    algorithms: ['aes-256-gcm', 'hmac-sha512'],
    key: 'one random key a record, under the keys of the key tree; a fresh encryption key for each seal',
    files: [`${TREE}/committing-aead.ts`],
  },
  {
    use: 'The key above the key tree, under a root version',
    algorithms: ['aes-256-gcm'],
    key: 'root version: random, one for each erasure epoch, outside the database',
    files: [`${TREE}/root-seal.ts`],
  },
  {
    use: 'The file root (assurance none)',
    algorithms: ['scrypt', 'hmac-sha256'],
    key: 'derived from a key file on other media',
    files: [`${TREE}/root-wrapping-key.ts`, `${TREE}/root-file.ts`],
  },
  {
    use: 'Archived segments of access logs',
    algorithms: ['aes-256-gcm'],
    key: 'one for each segment, erasable',
    files: ['packages/log-archive/src/segment-seal.ts'],
  },
  {
    use: 'Duplicates, in memory alone',
    algorithms: ['hmac-sha256'],
    key: 'random for each process, never stored',
    files: ['services/vault/src/duplicates/number-tags.ts'],
  },
  {
    use: 'Checkpoints of the logs, cosignatures of witnesses',
    algorithms: ['ed25519'],
    key: 'log keys: access proxy, vault; witness key: the witness',
    files: [
      `${LOG}/note/cosigner.ts`,
      `${LOG}/note/note-signer.ts`,
      `${LOG}/note/verify-signature.ts`,
    ],
  },
  {
    use: 'Disposal certificates',
    algorithms: ['ed25519'],
    key: 'certificate key: disposal service',
    files: ['packages/disposal-certificate/src/certificate-jws.ts'],
  },
  {
    use: 'Reminders to another system',
    algorithms: ['ed25519'],
    key: 'reminder key: disposal service',
    files: ['services/disposal/src/retention/reminders/sign-reminder.ts'],
  },
  {
    use: 'Signed requests of clients',
    algorithms: ['es256', 'ps256'],
    key: 'the client certificate’s key: the client',
    files: ['packages/protocol/src/request-signature.ts'],
  },
  {
    use: 'Access tokens',
    algorithms: ['es256'],
    key: 'the identity provider’s; a client signs for a token with its own',
    files: [`${KIT}/tokens/token-verifier.ts`, 'packages/client/src/token-endpoint.ts'],
  },
  {
    use: 'Certificates for TLS',
    algorithms: ['es256'],
    key: 'certification authority',
    files: [
      'packages/pki/src/authority.ts',
      'packages/pki/src/certificate-request.ts',
      'packages/pki/src/der.ts',
      'packages/pki/src/sign-certificate.ts',
    ],
  },
  {
    use: 'Every connection between services, clients, witness, provider, a remote database and receivers of reminders',
    algorithms: ['tls13'],
    key: 'each side’s certificate key; no session tickets',
    files: [
      'packages/cli/src/check-services.ts',
      'packages/cli/src/witness/serve-witness.ts',
      'packages/client/src/connection.ts',
      `${KIT}/database-pool.ts`,
      `${KIT}/tls/connect-service.ts`,
      `${KIT}/tls/mutual-server.ts`,
      `${KIT}/tokens/fetch-key-set.ts`,
      `${KIT}/witness/witness-client.ts`,
      'services/disposal/src/retention/reminders/deliver-by-mail.ts',
      'services/disposal/src/retention/reminders/deliver-by-webhook.ts',
    ],
  },
  {
    use: 'Passwords of database roles (SCRAM verifiers)',
    algorithms: ['pbkdf2', 'hmac-sha256'],
    key: 'the password; PostgreSQL stores the verifier alone',
    files: ['packages/cli/src/scram-verifier.ts'],
  },
];
