import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { leakTripwire, makeIndividualNumber } from '@mnv/testing';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { clientFor } from '../../src/system/client-for.ts';
import { commandLine, mynumber, printedBy } from './mynumber.ts';
import type { Run, RunOptions } from './mynumber.ts';
import { COLUMNS, csvOf, row, writeNumbers } from './numbers-file.ts';
import type { Row } from './numbers-file.ts';

let system: LocalSystem;
const place = mkdtempSync(join(tmpdir(), 'importing-'));

beforeAll(async () => {
  const { signal } = new AbortController();
  system = await startTemporarySystem({ say: () => undefined, signal, durability: 'fast' });
});

afterAll(async () => {
  await system.stop();
  rmSync(place, { recursive: true });
});

const argumentsFor = (file: string, more: Record<string, string | true> = {}) => {
  const endpoints = system.endpointsFile;
  return commandLine(`import ${file}`, { tenant: 't-001', as: 'operator-1', endpoints, ...more });
};
const importing = (
  file: string,
  options?: RunOptions & { more?: Record<string, string> },
): Promise<Run> => mynumber(argumentsFor(file, options?.more), options);
const summaryOf = async (file: string) =>
  JSON.parse(await printedBy(argumentsFor(file, { json: true }))) as Record<string, unknown>;
const numbers = (name: string, content: string | Uint8Array) =>
  writeNumbers(join(place, name), content);
const rows = (prefix: string, count: number): Row[] =>
  Array.from({ length: count }, (_, at) => row(`${prefix}-${at + 1}`));

const rejectsOf = (file: string) => listedIn(`${file}.rejects.csv`);

/** Line and code of every row that a file lists; the file is searched for numbers. */
function listedIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  leakTripwire().watch('listed rows', text);
  const [head, ...lines] = text.replace('\ufeff', '').trimEnd().split('\r\n');
  expect(head).toBe('line,code,reason');
  return lines.map((line) => line.split(',').slice(0, 2).join(' '));
}

async function storedUnder(individualRef: string): Promise<number> {
  const order = { person: 'operator-1', clientId: 'payroll', tenant: 't-001' };
  const client = clientFor(system.endpoints, order);
  try {
    return (await client.findRecords({ individualRef })).length;
  } finally {
    await client.close();
  }
}

describe('importing a file of numbers', () => {
  it('stores every row, says how many, and leaves the file as it was', async () => {
    const content = csvOf(rows('A', 3));
    const file = numbers('a.csv', content);

    const { exitCode, out, err } = await importing(file);

    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: '行 / rows 3, 登録 / stored 3, 不受理 / rejected 0\n',
    });
    expect(err).toMatch(/^100 % {2}3 件 \/ rows/);
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect(existsSync(`${file}.rejects.csv`)).toBe(false);
    expect(await storedUnder('A-3')).toBe(1);
  });

  it('does nothing when all of it was imported before, and says so', async () => {
    const file = numbers('again.csv', csvOf(rows('AGAIN', 3)));
    await importing(file);

    const { exitCode, out } = await importing(file);

    expect(exitCode).toBe(0);
    expect(out).toContain('nothing was sent');
    expect(await summaryOf(file)).toMatchObject({ rows: 3, stored: 3, alreadyDone: true });
  });

  it('takes the columns in any order, quoted cells, a BOM and Windows line ends', async () => {
    const [first, second] = [row('"B,1"'), row('"B ""2"""')];
    const text = csvOf([first, second], [...COLUMNS].toReversed());
    const file = numbers('bom.csv', `\ufeff${text.replaceAll('\n', '\r\n')}`);

    expect(await summaryOf(file)).toMatchObject({ rows: 2, stored: 2 });
    expect(await storedUnder('B,1')).toBe(1);
    expect(await storedUnder('B "2"')).toBe(1);
  });

  it('knows Shift_JIS when it sees it', async () => {
    const employee = Buffer.from([0x8e, 0xd0, 0x88, 0xf5]);
    const [before = '', after = ''] = csvOf([row('社員1')]).split('社員');
    const file = numbers(
      'sjis.csv',
      Buffer.concat([Buffer.from(before), employee, Buffer.from(after)]),
    );

    expect(await summaryOf(file)).toMatchObject({ stored: 1 });
    expect(await storedUnder('社員1')).toBe(1);
  });

  it('lists what it does not take by line and reason, in a file of the user alone', async () => {
    const wide = (digits: string) =>
      digits.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
    const file = numbers(
      'mixed.csv',
      csvOf([
        row('C-1'),
        row('C-2', { individualNumber: wide(makeIndividualNumber()) }),
        row('C-3', { individualNumber: wrongCheckDigit() }),
        row('C-4', { purposes: 'MARKETING' }),
        row(makeIndividualNumber()),
        row('C-6', { subject: 'X' }),
        row('C-7', { verifiedOn: '2026-02-30' }),
        row('C-8', { noticeVersion: 'x,one cell too many' }),
        row('C-1'),
        row('"C-10\nover two lines"'),
        row('C-11'),
      ]),
    );

    const { exitCode, out } = await importing(file);

    expect(exitCode).toBe(3);
    expect(out).toContain('登録 / stored 2, 不受理 / rejected 9');
    expect(out).toContain(`${file}.rejects.csv`);
    expect(rejectsOf(file)).toEqual([
      '3 individual-number-invalid',
      '4 individual-number-invalid',
      '5 purpose-unknown',
      '6 invalid-request',
      '7 invalid-request',
      '8 invalid-request',
      '9 invalid-request',
      '10 record-exists',
      '12 invalid-request',
    ]);
    expect(readFileSync(`${file}.rejects.csv`, 'utf8')).toContain('同じ individualRef・subject');
    expect(statSync(`${file}.rejects.csv`).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}.import-state.json`).mode & 0o777).toBe(0o600);
    leakTripwire().watch('state', readFileSync(`${file}.import-state.json`));
  });

  it('lists the rows whose number the tenant holds for another person too, and takes them', async () => {
    const [first, second] = [row('D-1'), row('D-2')];
    await importing(numbers('held.csv', csvOf([first, second])));
    const file = numbers(
      'held-again.csv',
      csvOf([
        row('D-3'),
        row('D-4', { individualNumber: first.individualNumber }),
        row('D-2', {
          individualNumber: second.individualNumber,
          subject: 'P',
          purposes: 'PAY-309',
        }),
      ]),
    );

    const { exitCode, out } = await importing(file);

    expect(exitCode).toBe(0);
    expect(out).toContain('登録 / stored 3, 不受理 / rejected 0');
    expect(out).toContain(`held for another person too 1, 一覧 / list: ${file}.warnings.csv`);
    expect(listedIn(`${file}.warnings.csv`)).toEqual(['3 held-for-another-person']);
    expect(statSync(`${file}.warnings.csv`).mode & 0o777).toBe(0o600);
    expect(await summaryOf(file)).toMatchObject({ warned: 1, notCompared: 0, alreadyDone: true });
  });

  it('asks for the file, the person and the tenant that are missing', async () => {
    const nowhere = await importing(join(place, 'nowhere.csv'));
    const nobody = await mynumber(['import', 'a.csv', '--tenant', 't-001']);

    expect(nowhere).toMatchObject({ exitCode: 1 });
    expect(nowhere.err).toContain('there is no such file');
    expect(nobody).toMatchObject({ exitCode: 2 });
    expect(nobody.err).toContain('--as is missing');
  });

  it('does not repeat a number that was typed in the place of a file', async () => {
    const { exitCode, err } = await importing(makeIndividualNumber());

    expect(exitCode).toBe(1);
    expect(err).toMatch(/there is no such file: .*…\n$/);
  });

  it('stops with the reason when the operator may not store', async () => {
    const file = numbers('untrained.csv', csvOf(rows('E', 2)));

    const { exitCode, err } = await importing(file, { more: { as: 'operator-2' } });

    expect(exitCode).toBe(1);
    expect(err).toContain('training');
    expect(await storedUnder('E-1')).toBe(0);
  });
});

describe('an import that is killed', () => {
  const COUNT = 4_000;

  it.each([
    ['as soon as it has a name', 0],
    ['in the middle', 1_000],
  ])(
    '%s goes on where it was: nothing doubled, nothing lost',
    async (_when, rowsDone) => {
      const file = numbers(`killed-${rowsDone}.csv`, csvOf(rows(`K${rowsDone}`, COUNT)));
      const killed = await importing(file, { killAfter: untilDone(file, rowsDone) });
      expect(killed.exitCode).toBeNull();

      const summary = await summaryOf(file);

      expect(summary).toMatchObject({
        rows: COUNT,
        stored: COUNT,
        rejected: 0,
        alreadyDone: false,
      });
      expect(Number(summary['resumedAt'])).toBeGreaterThanOrEqual(rowsDone);
      expect(Number(summary['resumedAt'])).toBeLessThan(COUNT);
      expect(existsSync(`${file}.rejects.csv`)).toBe(false);
      expect(await storedUnder(`K${rowsDone}-${COUNT}`)).toBe(1);
    },
    60_000,
  );

  it('is not continued from another file, or by another person', async () => {
    const file = numbers('changed.csv', csvOf(rows('F', 3)));
    await importing(file);

    const byAnother = await importing(file, { more: { as: 'operator-3' } });
    numbers('changed.csv', csvOf(rows('G', 4)));
    const another = await importing(file);

    expect(byAnother).toMatchObject({ exitCode: 1 });
    expect(byAnother.err).toContain('begun by another person');
    expect(another).toMatchObject({ exitCode: 1 });
    expect(another.err).toContain('its first rows differ');
  });
});

/** Resolves when the state of an import says that so many rows are done. */
async function untilDone(file: string, rowsDone: number): Promise<void> {
  for (;;) {
    const state = stateOf(file);
    if (state !== undefined && state.rowsDone >= rowsDone) return;
    await sleep(2);
  }
}

function stateOf(file: string): { rowsDone: number } | undefined {
  const stateFile = `${file}.import-state.json`;
  return existsSync(stateFile)
    ? (JSON.parse(readFileSync(stateFile, 'utf8')) as { rowsDone: number })
    : undefined;
}

function wrongCheckDigit(): string {
  const number = makeIndividualNumber();
  return number.slice(0, 11) + String((Number(number.at(-1)) + 1) % 10);
}
