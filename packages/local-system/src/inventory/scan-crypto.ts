import { globSync, readFileSync } from 'node:fs';
import type { AlgorithmName } from './crypto-uses.ts';

/** What a source file does with keys, as its imports and its texts say. */
export type CryptoFile = { path: string; functions: string[]; algorithms: string[] };

const KEYED = new Set([
  'createCipheriv',
  'createDecipheriv',
  'createHmac',
  'sign',
  'verify',
  'generateKeyPair',
  'generateKeyPairSync',
  'diffieHellman',
  'publicEncrypt',
  'privateDecrypt',
  'scrypt',
  'scryptSync',
  'pbkdf2',
  'pbkdf2Sync',
  'hkdf',
  'hkdfSync',
  'SignJWT',
  'CompactSign',
  'CompactEncrypt',
  'compactVerify',
  'compactDecrypt',
  'jwtVerify',
]);
const IMPORT = /^import\s+(?!type\b)\{([^}]*)\}\s+from\s+'(?:node:crypto|crypto|jose)'/gm;
const FORGE = /from\s+'node-forge'/;
const ALGORITHM =
  /'((?:aes|aria|camellia|chacha|rc4|sm4)[\w-]*|des3?|des-(?:ede|cbc|ecb)[\w-]*|sha-?[\d-]+|md[45]|ripemd\d*|blake2[\w]*|ed\d+|x\d{3,}|EdDSA|[EPRH]S\d{3}|RSA[\w-]*|ECDH[\w+-]*|P-\d{3}|prime256v1|secp\w+|TLSv[\d.]+)'/gi;
const SOURCES = '{services,packages}/*/src/**/*.ts';
/** Never shipped. */
const PRIVATE = /^packages\/(?:testing|local-system)\//;

/** What texts in the code mean; a text that is not here is not allowed in the product. */
const MEANINGS: Readonly<Record<string, AlgorithmName | 'part-of-another'>> = {
  'aes-256-gcm': 'aes-256-gcm',
  sha256: 'sha256',
  'sha-256': 'sha256',
  sha512: 'hmac-sha512',
  ed25519: 'ed25519',
  eddsa: 'ed25519',
  es256: 'es256',
  ps256: 'ps256',
  'p-256': 'part-of-another',
  prime256v1: 'part-of-another',
  rsa: 'part-of-another',
  'tlsv1.3': 'tls13',
};

/** The shipped sources under a directory, from its top. */
export function sourcesUnder(root: string): { path: string; text: string }[] {
  return globSync(SOURCES, { cwd: root })
    .filter((path) => !PRIVATE.test(path))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));
}

/** What one source does with keys; undefined for one that does nothing and names no algorithm. */
export function scanSource({ path, text }: { path: string; text: string }): CryptoFile | undefined {
  const imported = [...text.matchAll(IMPORT)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim().split(' as ')[0] ?? ''),
  );
  const functions = imported.filter((name) => KEYED.has(name));
  if (FORGE.test(text)) functions.push('node-forge');
  const algorithms = [...text.matchAll(ALGORITHM)].map(([, name = '']) => name.toLowerCase());
  if (functions.length + algorithms.length === 0) return undefined;
  return { path, functions: functions.toSorted(), algorithms: [...new Set(algorithms)].toSorted() };
}

/** Whether a file must stand under a use: it works with a key, or speaks TLS. */
export function isKeyed({ functions, algorithms }: CryptoFile): boolean {
  return functions.length > 0 || algorithms.includes('tlsv1.3');
}

/** What a text of the code stands for; undefined when the product may not use it. */
export function meaningOf(algorithm: string): AlgorithmName | 'part-of-another' | undefined {
  return MEANINGS[algorithm];
}
