import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CLAIMS, readCertificate } from '../src/index.ts';
import { disposedWorld } from './certificate-world.ts';

const page = readFileSync(new URL('../../../docs/certificate.md', import.meta.url), 'utf8');

/** The names of all members of a value, at any depth. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(namesIn)];
}

describe('docs/certificate.md', () => {
  it('names every member of a certificate, and every claim', async () => {
    const { jws } = await (
      await disposedWorld({ stored: 4, disposed: [0, 1], restored: true })
    ).issue();
    const names = new Set(namesIn(readCertificate(jws).certificate));
    expect(names.size).toBeGreaterThan(40);
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    for (const { id } of CLAIMS.proved) expect(page).toContain(`| ${id} |`);
  });
});
