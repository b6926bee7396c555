import { ALGORITHMS, CRYPTO_USES } from './crypto-uses.ts';
import type { CryptoUse } from './crypto-uses.ts';
import { isKeyed, meaningOf, scanSource } from './scan-crypto.ts';
import type { CryptoFile } from './scan-crypto.ts';

type Source = { path: string; text: string };
export type Versions = { node: string; jose: string; forge: string };

/** What does not agree between the code and the register of uses; each as one sentence. */
export function faultsOf(sources: readonly Source[]): string[] {
  const scanned = sources.flatMap((source) => scanSource(source) ?? []);
  const listed = CRYPTO_USES.flatMap(({ files }) => files);
  const keyed = scanned.filter(isKeyed).map(({ path }) => path);
  return [
    ...scanned.flatMap(unknownAlgorithms),
    ...keyed
      .filter((path) => !listed.includes(path))
      .map((path) => `${path} works with a key and stands under no use`),
    ...listed
      .filter((path) => !keyed.includes(path))
      .map((path) => `${path} stands under a use and works with no key`),
    ...listed
      .filter((path, at) => listed.indexOf(path) !== at)
      .map((path) => `${path} stands under two uses`),
  ];
}

function unknownAlgorithms({ path, algorithms }: CryptoFile): string[] {
  return algorithms
    .filter((name) => meaningOf(name) === undefined)
    .map((name) => `${path} names ${name}, which the product does not use`);
}

/** The document: algorithms, uses and keys, libraries. Only what the code itself says, and the register. */
export function inventoryDocument({ node, jose, forge }: Versions): string {
  return `# Crypto inventory

\`npm run inventory\` writes this page from the code: every file that ciphers, signs, verifies, authenticates or derives a key stands under one use, and a test fails when one does not, when a use has no file, or when this page is not current. It is the algorithm part of the evidence that numbers were protected by 高度な暗号化 when a leak is judged (番号法 漏えい等報告; 電子政府推奨暗号リスト or ISO/IEC 18033, properly implemented, with the means of decryption kept apart).

## Algorithms

| algorithm | CRYPTREC | standard |
|---|---|---|
${Object.values(ALGORITHMS)
  .map((cells) => `| ${cells.join(' | ')} |`)
  .join('\n')}

The state of each in the list in force is to be looked up when it is relied on: the list changes, this page does not follow it.

## Uses and keys

| use | algorithms | key, and who holds it | code |
|---|---|---|---|
${CRYPTO_USES.map(rowOf).join('\n')}

Hashes without a key (SHA-256): Merkle trees of logs, batches and the live-key map, commitments over 32 random bytes, digests of tokens, requests, exports and certificates. Never over a number: a number has 10^11 values.

## Keys apart from what they open
Sealed numbers and the key tree lie in the vault's database; the root versions above the tree do not. A copy of the database alone opens nothing, and a record's key is erased by an erasure epoch ([ADR 5](adr/0005-every-record-has-its-own-key-in-a-tree-whose-root-can-be-destroyed.md), [certificate](certificate.md)). The only root so far is a file: assurance \`none\`.

## Libraries
Node ${node} (node:crypto on its own OpenSSL): ciphers, hashes, MACs, signatures, TLS, random numbers · jose ${jose}: JWS and JWT over it · node-forge ${forge}: encodes certificates and requests, decides nothing. No other library of cryptography.
`;
}

function rowOf({ use, algorithms, key, files }: CryptoUse): string {
  const names = algorithms.map((name) => ALGORITHMS[name][0]).join(', ');
  const code = files.map((path) => `\`${path}\``).join('<br>');
  return `| ${use} | ${names} | ${key} | ${code} |`;
}
