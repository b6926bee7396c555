import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { legalDayOf } from '@mnv/core';
import type { ServiceAnswer } from '@mnv/service-kit';
import { findNumbers, makeIndividualNumber } from '@mnv/testing';
import type { JWTPayload } from 'jose';
import { problemOf } from './world/answers.ts';
import { makeRecord } from './world/number-record.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines } from './world.ts';
import type { Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
  tenant = await world.createTenant(vault, 't-001');
});
afterAll(() => world.close());

type Line = { recordId?: string; problem?: string; detail?: string };

const linesOf = (answer: ServiceAnswer) => (answer.body as { lines: Line[] }).lines;
const line = (record: unknown, key: string = randomUUID()) => ({ key, record });

async function storeOne(record: unknown, key?: string): Promise<Line> {
  const [answer] = linesOf(await storeLines(vault, tenant, { lines: [line(record, key)] }));
  return answer as Line;
}

async function asAdministrator(statement: string, values: unknown[] = []) {
  const pool = world.database.pool('postgres', { max: 1 });
  const { rows } = await pool.query<Record<string, unknown>>(statement, values);
  await pool.end();
  return rows;
}

const fullWidth = (digits: string) =>
  digits.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

const arabicIndic = (digits: string) =>
  digits.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0x0630));

/** Of the clock of this machine, to compare with that of the service. */
const dayFromNow = (days: number) => legalDayOf(Date.now() + days * 86_400_000);

function wrongDigit(number: string): string {
  return number.slice(0, 11) + String((Number(number[11]) + 1) % 10);
}

describe('a number that is none', () => {
  it.each<[string, () => unknown, string]>([
    ['a wrong check digit', () => wrongDigit(makeIndividualNumber()), 'individual-number-invalid'],
    ['all zeros', () => '0'.repeat(12), 'individual-number-invalid'],
    ['eleven digits', () => makeIndividualNumber().slice(1), 'individual-number-invalid'],
    ['full-width digits', () => fullWidth(makeIndividualNumber()), 'individual-number-invalid'],
    [
      'hyphens',
      () => makeIndividualNumber().replace(/^(....)/, '$1-'),
      'individual-number-invalid',
    ],
    ['a space behind', () => `${makeIndividualNumber()} `, 'individual-number-invalid'],
    ['nothing', () => '', 'individual-number-invalid'],
    ['a JSON number', () => Number(makeIndividualNumber()), 'invalid-request'],
    ['a list', () => [makeIndividualNumber()], 'invalid-request'],
    ['null', () => null, 'invalid-request'],
    ['a long text', () => '1'.repeat(65), 'invalid-request'],
  ])('is refused: %s', async (_what, individualNumber, problem) => {
    const answer = await storeOne(makeRecord({ individualNumber: individualNumber() }));
    expect(answer.problem).toBe(problem);
    expect(answer.detail).toContain('individualNumber');
  });
});

describe('a record that may not be kept', () => {
  const verification = makeRecord().verification;

  it.each<[string, object, string]>([
    ['an unknown purpose', { purposes: ['MARKETING'] }, 'purpose-unknown'],
    ['a purpose of the list that is off', { purposes: ['WC'] }, 'purpose-unknown'],
    ['a purpose of another kind of subject', { purposes: ['PAY-309'] }, 'purpose-not-permitted'],
    [
      'one good purpose and one that is not',
      { purposes: ['TAX-WITHHOLD', 'PAY-309'] },
      'purpose-not-permitted',
    ],
    ['no purpose', { purposes: [] }, 'invalid-request'],
    ['a purpose twice', { purposes: ['TAX-WITHHOLD', 'TAX-WITHHOLD'] }, 'invalid-request'],
    ['an unknown subject', { subject: 'X' }, 'invalid-request'],
    ['an unknown member', { note: 'x' }, 'invalid-request'],
    [
      'an unknown member inside',
      { verification: { ...verification, note: 'x' } },
      'invalid-request',
    ],
    ['a reference with a line break', { individualRef: 'E\n1' }, 'invalid-request'],
    ['a reference in another normal form', { individualRef: 'か\u3099' }, 'invalid-request'],
    ['a reference of 65 characters', { individualRef: 'x'.repeat(65) }, 'invalid-request'],
    [
      'an impossible day',
      { verification: { ...verification, verifiedOn: '2026-02-30' } },
      'invalid-request',
    ],
    [
      'a verification on a day to come',
      { verification: { ...verification, verifiedOn: dayFromNow(2) } },
      'invalid-request',
    ],
    [
      'a verification before there were numbers',
      { verification: { ...verification, verifiedOn: '2015-10-04' } },
      'invalid-request',
    ],
    [
      'a reference in Arabic-Indic digits',
      { individualRef: arabicIndic(makeIndividualNumber()) },
      'invalid-request',
    ],
    [
      'a zero byte in a name',
      { verification: { ...verification, verifiedBy: 'a\u0000b' } },
      'invalid-request',
    ],
    [
      'a reversing character in a name',
      { verification: { ...verification, verifiedBy: 'a\u202eb' } },
      'invalid-request',
    ],
  ])('is refused: %s', async (_what, changes, problem) => {
    expect(await storeOne(makeRecord(changes))).toMatchObject({ problem });
  });

  it('is told which day to mend', async () => {
    const day = dayFromNow(2);
    const answer = await storeOne(
      makeRecord({ verification: { ...verification, verifiedOn: day } }),
    );
    expect(answer.detail).toContain('verification.verifiedOn; a day until today');
    expect(answer.detail).not.toContain(day);
  });

  it.each(['individualRef', 'relatedRef', 'noticeVersion', 'verifiedBy', 'proxy'])(
    'is refused when its %s could itself be a number',
    async (member) => {
      const record = makeRecord();
      const inside = member === 'verifiedBy' || member === 'proxy' ? record.verification : record;
      Object.assign(inside, { [member]: makeIndividualNumber() });
      const answer = await storeOne(record);
      expect(answer.problem).toBe('invalid-request');
      expect(answer.detail).toContain(member);
    },
  );

  it.each([
    ['no record', null],
    ['a list', []],
    ['a text', 'record'],
  ])('is refused: %s', async (_what, record) => {
    expect(await storeOne(record)).toMatchObject({ problem: 'invalid-request' });
  });

  it('is refused by itself, and the others of the call are stored in order', async () => {
    const lines = [
      line(makeRecord()),
      line(makeRecord({ purposes: ['MARKETING'] })),
      line(makeRecord()),
    ];
    const answers = linesOf(await storeLines(vault, tenant, { lines }));
    expect(answers.map((one) => one.problem ?? typeof one.recordId)).toEqual([
      'string',
      'purpose-unknown',
      'string',
    ]);
  });

  it('is refused with words of ours only', async () => {
    const { detail } = await storeOne(makeRecord({ secretMember: 'secret value' }));
    expect(detail).not.toMatch(/secret/);
  });
});

describe('a call that is not well-formed', () => {
  it.each<[string, object, string]>([
    ['no lines', { lines: [] }, '400 invalid-request'],
    ['501 lines', { lines: Array.from({ length: 501 }, () => line({})) }, '400 invalid-request'],
    ['one key on two lines', { lines: [line({}, 'k'), line({}, 'k')] }, '400 invalid-request'],
    ['a zero byte in a key', { lines: [line({}, 'a\u0000')] }, '400 invalid-request'],
    ['an unknown route', { lines: [line({})], route: 'imports' }, '400 invalid-request'],
    ['more than 2 MB', { lines: [line('x'.repeat(2 * 1024 * 1024))] }, '413 body-too-large'],
  ])('stores nothing: %s', async (_what, call, problem) => {
    const lines: { key: string; record: unknown }[] = [];
    expect(problemOf(await storeLines(vault, tenant, { lines, ...call }))).toBe(problem);
  });

  it('stores nothing under a key that is itself a number', async () => {
    const lines = [line(makeRecord(), makeIndividualNumber())];
    expect(problemOf(await storeLines(vault, tenant, { lines }))).toBe('400 invalid-request');
  });

  it.each<[string, JWTPayload, string]>([
    ['without the right to store', { scope: 'number:read' }, '403 scope-missing'],
    ['for a client without a person', { sub: 'payroll' }, '403 operator-required'],
    ['with a token of another audience', { aud: 'other' }, '401 token-invalid'],
    ['with a token for another tenant', { tenant: 't-999' }, '404 not-found'],
  ])('stores nothing %s', async (_what, claims, problem) => {
    const token = await tenant.client.token(claims);
    const lines = [line(makeRecord())];
    expect(problemOf(await storeLines(vault, tenant, { lines, token }))).toBe(problem);
  });

  it('stores nothing for a tenant that was not made here', async () => {
    const stranger = { tenantId: 't-none', client: world.client('payroll', 't-none') };
    const answer = await storeLines(vault, stranger, { lines: [line(makeRecord())] });
    expect(problemOf(answer)).toBe('404 not-found');
  });
});

describe('what is stored', () => {
  it('holds the number in no table, in no form, with its key tree and its idempotency row', async () => {
    const record = makeRecord();
    await storeOne(record);
    const tables = ['number_record', 'idempotency', 'node', 'tree', 'tree_head'];
    for (const table of tables) {
      const rows = await asAdministrator(`select t.* from vault.${table} t`);
      const cells = rows.flatMap((row) => Object.values(row));
      const bytes = cells.map((cell) =>
        Buffer.isBuffer(cell) ? cell : Buffer.from(JSON.stringify(cell)),
      );
      expect(cells.length).toBeGreaterThan(0);
      expect(findNumbers([record.individualNumber], Buffer.concat(bytes))).toEqual([]);
    }
  });
});
