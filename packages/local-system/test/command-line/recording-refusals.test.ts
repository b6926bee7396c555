import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeIndividualNumber } from '@mnv/testing';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { commandLine, mynumber, printedBy } from './mynumber.ts';

let system: LocalSystem;
const place = mkdtempSync(join(tmpdir(), 'refusals-'));

beforeAll(async () => {
  const { signal } = new AbortController();
  system = await startTemporarySystem({ say: () => undefined, signal, durability: 'fast' });
});
afterAll(async () => {
  await system.stop();
  rmSync(place, { recursive: true });
});

const COLUMNS =
  'id,individualRef,subject,purpose,kind,on,channel,by,toldDuty,reason,document,reference';
const ROWS = [
  's-1,E-9001,E,TAX-DECL-DEP,asked,2026-01-10,mail,佐藤,yes,,,',
  's-2,E-9001,E,TAX-DECL-DEP,refused,2026-01-15,,,,提供したくない,,',
  's-3,E-9001,E,TAX-DECL-DEP,asked,2026-01-20,face-to-face,佐藤,yes,,,',
  's-4,E-9001,E,TAX-DECL-DEP,filed-without,2026-01-25,,,,,fuyo,扶養-9001',
];
const words = (command: string, as: string, more: Record<string, string | true> = {}) =>
  commandLine(command, { tenant: 't-001', as, endpoints: system.endpointsFile, ...more });
const file = (name: string, rows: string[]) => {
  const path = join(place, name);
  writeFileSync(path, [COLUMNS, ...rows, ''].join('\n'));
  return path;
};

describe('mynumber refusals', () => {
  it('takes a course from a file, and the same file again tells nothing twice', async () => {
    const command = words(`refusals import ${file('course.csv', ROWS)}`, 'operator-1', {
      json: true,
    });
    expect(JSON.parse(await printedBy(command))).toMatchObject({ rows: 4, recorded: 4, known: 0 });
    expect(JSON.parse(await printedBy(command))).toMatchObject({ rows: 4, recorded: 0, known: 4 });
    const { refusals } = JSON.parse(
      await printedBy(words('refusals list', 'operator-1', { json: true })),
    ) as { refusals: object[] };
    expect(refusals).toMatchObject([
      { individualRef: 'E-9001', state: 'filed-without', lacks: [], steps: [{}, {}, {}, {}] },
    ]);
    expect(await printedBy(words('refusals list', 'operator-1'))).toContain('番号の記載なしで提出');
  });

  it('names rows that are refused, and nothing of what is in them', async () => {
    const bad = `s-9,E-9002,E,TAX-DECL-DEP,asked,2026-01-10,mail,${makeIndividualNumber()},yes,,,`;
    const early = 's-8,E-9002,E,TAX-DECL-DEP,refused,2026-01-10,,,,提供したくない,,';
    const path = file('bad.csv', [bad, early]);
    const { exitCode, out } = await mynumber(
      words(`refusals import ${path}`, 'operator-1', { json: true }),
    );
    expect(exitCode).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      recorded: 0,
      rejected: [
        { line: 2, code: 'invalid-request' },
        { line: 3, code: 'event-contradicts' },
      ],
    });
  });

  it('writes the register, step by step, for a spreadsheet', async () => {
    const out = join(place, 'refusals.csv');
    const period = { from: '2026-01-01', to: '2026-12-31', out };
    await printedBy(words('register refusals', 'compliance-officer-1', period));
    const lines = readFileSync(out, 'utf8').trimEnd().split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toContain('義務の説明');
    expect(lines[4]).toContain('番号の記載なしで提出');
  });
});
