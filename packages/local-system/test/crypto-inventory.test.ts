import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CRYPTO_USES } from '../src/inventory/crypto-uses.ts';
import { faultsOf, inventoryDocument } from '../src/inventory/inventory-document.ts';
import { readVersions } from '../src/inventory/read-versions.ts';
import { scanSource, sourcesUnder } from '../src/inventory/scan-crypto.ts';

const root = new URL('../../..', import.meta.url).pathname;
const read = (path: string) => readFileSync(root + path, 'utf8');
const sources = sourcesUnder(root);

describe('the crypto inventory', () => {
  it('has every file that works with a key under one use, and no other', () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(faultsOf(sources)).toEqual([]);
  });

  it('is current: npm run inventory writes the page that is there', () => {
    expect(read('docs/crypto-inventory.md')).toBe(inventoryDocument(readVersions(read)));
  });

  it.each([
    ['a cipher', `import { createCipheriv } from 'node:crypto';`, 'stands under no use'],
    ['a signature', `import { CompactSign } from 'jose';`, 'stands under no use'],
    ['forge', `import forge from 'node-forge';`, 'stands under no use'],
    ['a weak hash', `hash('sha1', bytes)`, 'names sha1'],
    ['an unlisted cipher', `const C = 'chacha20-poly1305';`, 'names chacha20-poly1305'],
    ['an old TLS', `const options = { minVersion: 'TLSv1.2' };`, 'names tlsv1.2'],
  ])('notices %s in a file it does not know', (_, text, fault) => {
    const [found] = faultsOf([...sources, { path: 'services/vault/src/a.ts', text }]);
    expect(found).toContain(`services/vault/src/a.ts`);
    expect(found).toContain(fault);
  });

  it('notices that a file of a use is gone', () => {
    const [path = ''] = CRYPTO_USES[0]?.files ?? [];
    const left = sources.filter((source) => source.path !== path);
    expect(faultsOf(left)).toEqual([`${path} stands under a use and works with no key`]);
  });

  it('does not take types and words of documentation for use', () => {
    const text = `import type { KeyObject } from 'node:crypto';\n/** Signed with es256. */`;
    expect(scanSource({ path: 'a.ts', text })).toBeUndefined();
  });
});
