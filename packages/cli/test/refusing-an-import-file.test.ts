import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeIndividualNumber } from '@mnv/testing';
import { importFile } from '../src/index.ts';
import { IMPORT_COLUMNS } from '../src/import-columns.ts';

const place = mkdtempSync(join(tmpdir(), 'refusing-'));
const file = join(place, 'numbers.csv');

afterAll(() => rmSync(place, { recursive: true }));

const HEADER = IMPORT_COLUMNS.join(',');
const cells = (individualRef = 'A-1') =>
  `${individualRef},E,,${makeIndividualNumber()},TAX-WITHHOLD,N1,I1,online,2026-04-01,2026-01`;

/** An import by a client that was never made: a refused file does not get as far as a client. */
function importing(content: string | Uint8Array): Promise<unknown> {
  writeFileSync(file, content, { mode: 0o600 });
  const neverAsked = async () => {
    throw new Error('something was sent');
  };
  const neverPrepared = async function* () {
    yield await neverAsked();
  };
  return importFile({
    file,
    encoding: 'auto',
    proxyOrigin: 'https://localhost',
    verifiedBy: 'operator-1',
    client: { tenant: 't-001', storeChunk: neverAsked, prepareDuplicateCheck: neverPrepared },
  });
}

describe('an import file that is refused before anything is sent', () => {
  it.each<[string, () => string | Uint8Array, string]>([
    ['is empty', () => '', 'The file is empty.'],
    ['is without its header', () => `${cells()}\n${cells('A-2')}`, 'Column 1 is not known'],
    ['has a column twice', () => `${HEADER},channel\n${cells()},x`, 'channel is there twice'],
    ['lacks a column', () => HEADER.replace(',noticeVersion', ''), 'lacks noticeVersion'],
    ['is UTF-16', () => Buffer.from(`\ufeff${HEADER}`, 'utf16le'), 'neither UTF-8 nor Shift_JIS'],
    ['has an open quotation mark', () => `${HEADER}\n${cells()}\n"${cells()}`, 'near line 3'],
    ['has a mark amid a cell', () => `${HEADER}\n${cells('A"1')}`, 'near line 2'],
    ['has a huge cell', () => `${HEADER}\n${cells('A'.repeat(20_000))}`, 'too long near line 2'],
  ])('%s', async (_what, content, reason) => {
    const failure = await importing(content()).catch((error: unknown) => error);

    expect(failure).toMatchObject({ name: 'CommandError' });
    expect(String(failure)).toContain(reason);
    expect(String(failure)).not.toMatch(/[0-9]{12}/);
  });

  it('leaves nothing beside it when it never began', async () => {
    await expect(importing('')).rejects.toThrow('empty');
    rmSync(`${file}.import-state.json`, { force: true });
    await expect(importing('')).rejects.toThrow('empty');

    expect(readdirSync(place)).toEqual(['numbers.csv']);
  });
});
