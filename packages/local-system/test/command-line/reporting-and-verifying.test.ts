import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decodeJwt } from 'jose';
import { leakTripwire } from '@mnv/testing';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { clientFor } from '../../src/system/client-for.ts';
import { commandLine, mynumber, printedBy } from './mynumber.ts';
import { newRecord } from './new-record.ts';

const PAYROLL = { purpose: 'TAX-WITHHOLD', caseId: 'PAYROLL-2026-12' };
const HEAD = '日時(日本時間) / when (JST),日時(UTC) / when (UTC),担当者 / who,システム / through';

let system: LocalSystem;
let recordId: string;
const place = mkdtempSync(join(tmpdir(), 'reporting-'));
const receiptFile = join(place, 'receipt.json');

beforeAll(async () => {
  const { signal } = new AbortController();
  system = await startTemporarySystem({ say: () => undefined, signal, durability: 'fast' });
  await payroll();
});

afterAll(async () => {
  await system.stop();
  rmSync(place, { recursive: true });
});

/** A number is stored, released, and asked for where there is none. */
async function payroll(): Promise<void> {
  const order = { person: 'operator-1', clientId: 'payroll', tenant: 't-001' };
  const client = clientFor(system.endpoints, order);
  ({ recordId } = await client.storeRecord(newRecord('E-1')));
  const { requestId, receipt } = await client.disclose({ recordId, ...PAYROLL });
  writeFileSync(receiptFile, JSON.stringify({ requestId, receipt }));
  const nobody = { recordId: crypto.randomUUID(), ...PAYROLL };
  await expect(client.disclose(nobody)).rejects.toMatchObject({ code: 'record-not-found' });
  await client.close();
}

const policy = () => join(dirname(system.endpointsFile), 'trust-policy.txt');
const endpoints = () => ({ endpoints: system.endpointsFile });
const report = (more: Record<string, string | true> = {}) =>
  commandLine('report access', {
    tenant: 't-001',
    as: 'compliance-officer-1',
    from: '2000-01-01',
    to: '2099-12-31',
    ...endpoints(),
    ...more,
  });
const exporting = (to: string, more: Record<string, true> = {}) =>
  commandLine('log export', { tenant: 't-001', to, as: 'auditor-1', ...endpoints(), ...more });
const exported = (directory: string) => printedBy(exporting(directory));
const verifyingLog = (options: Record<string, string | true>) =>
  commandLine('verify log', { policy: policy(), ...options });

describe('reporting accesses', () => {
  it('shows on a screen who did what, why, when and how it ended', async () => {
    const out = await printedBy(report());

    const [head = '', rule = '', ...lines] = out.trimEnd().split('\n');
    expect(head).toMatch(/^日時 \/ when \(JST\) +担当者 \/ who/);
    expect(rule).toMatch(/^[- ]+$/);
    const release = lines.find((line) => line.includes(recordId)) ?? '';
    expect(release).toContain('PAYROLL-2026-12');
    expect(release).toContain('TAX-WITHHOLD');
    expect(release).toMatch(/交付 \/ delivered$/);
    expect(out).toMatch(/拒否 \/ deny:record-not-found\n/);
    expect(lines.at(-1)).toMatch(/^\d+ 件 \/ accesses, 交付 \/ delivered 1, 拒否 \/ refused 1/);
  });

  it('gives a spreadsheet the same, with a BOM and Windows line ends', async () => {
    const out = await printedBy(report({ csv: true }));

    expect(out.startsWith(`\ufeff${HEAD}`)).toBe(true);
    const release = out.split('\r\n').find((line) => line.includes(recordId)) ?? '';
    expect(release).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{4}-\d\d-\d\dT[\d:.]+Z,/);
    expect(release).toContain(',payroll,disclose,1,TAX-WITHHOLD,');
    expect(release).toContain(',交付 / delivered,');
  });

  it('gives programs every entry, and stands in the report itself', async () => {
    const { rows, summary } = JSON.parse(await printedBy(report({ json: true }))) as {
      rows: { kind: string; operation: string }[];
      summary: Record<string, unknown>;
    };

    expect(summary).toMatchObject({ intents: 2, delivered: 1, withoutOutcome: 0 });
    expect(rows.at(-1)).toMatchObject({ kind: 'act', operation: 'view-report' });
  });

  it('is refused to somebody without the right, in words', async () => {
    const { exitCode, err } = await mynumber(report({ as: 'operator-1' }));

    expect(exitCode).toBe(1);
    expect(err).toContain('lacks a right that was asked for');
  });
});

describe('verifying what was handed out', () => {
  it('gives a log under the checkpoint that a witness cosigned, to whoever asks for one', async () => {
    const [to, strict] = [join(place, 'witnessed'), join(place, 'strict-policy.txt')];
    const text = readFileSync(policy(), 'utf8');
    writeFileSync(strict, text.replace(/^quorum none$/m, 'quorum local'));
    // The proxy shows its logs to the witness every ten seconds.
    while ((await mynumber(exporting(to, { witnessed: true }))).exitCode !== 0);
    const verified = await printedBy(verifyingLog({ from: to, policy: strict }));
    expect(verified).toContain('証人 / witnesses: local');
  });

  it('shows and proves a receipt, and writes proofs other programs read', async () => {
    const proofs = join(place, 'proofs');

    const out = await printedBy(
      commandLine(`verify receipt ${receiptFile}`, { policy: policy(), proofs }),
    );

    expect(out).toContain(recordId);
    expect(out).toContain('検証成功 / verified: 1\n');
    const [proof = ''] = readdirSync(proofs);
    expect(readFileSync(join(proofs, proof), 'utf8')).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
  });

  it('refuses a receipt that was touched, with exit code 1', async () => {
    const touched = join(place, 'touched.json');
    writeFileSync(touched, readFileSync(receiptFile, 'utf8').replace('"first":', '"first":1'));

    const { exitCode, out, err } = await mynumber(
      commandLine(`verify receipt ${touched}`, { policy: policy() }),
    );

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toMatch(/^mynumber: /);
  });

  it('exports a log that verifies without us, and grows in place', async () => {
    const directory = join(place, 'log');
    await exported(directory);
    const kept = join(place, 'kept-checkpoint');
    writeFileSync(kept, readFileSync(join(directory, 'checkpoint')));
    await printedBy(report());
    const again = await exported(directory);

    const out = await printedBy(verifyingLog({ from: directory, since: kept, json: true }));

    const result = JSON.parse(out) as { size: number };
    expect(result).toMatchObject({ ok: true, missing: 0, findings: [], requestsWithoutOutcome: 0 });
    expect(again).toContain(`件数 / entries ${result.size}`);
    leakTripwire().watch('log', readFileSync(bundleIn(directory)));
  });

  it('finds a bundle that is gone from an export, and says what is missing', async () => {
    const directory = join(place, 'cut');
    await exported(directory);
    rmSync(bundleIn(directory));

    const { exitCode, out } = await mynumber(verifyingLog({ from: directory }));

    expect(exitCode).toBe(1);
    expect(out).toMatch(/期待 \/ expected (\d+), 検証 \/ checked 0, 欠落 \/ missing \1/);
    expect(out).toContain('✗ entries-missing');
    expect(out).toMatch(/検証失敗 \/ NOT verified\n$/);
  });

  it('compares a log with what the vault remembers of its releases', async () => {
    const file = join(place, 'releases.ndjson');
    const options = { tenant: 't-001', to: file, as: 'auditor-1', ...endpoints() };
    expect(await printedBy(commandLine('releases export', options))).toContain('releases 2: ');
    leakTripwire().watch('releases', readFileSync(file));
    const directory = join(place, 'compared');
    await exported(directory);

    const out = await printedBy(verifyingLog({ from: directory, 'against-releases': file }));

    expect(out).toContain('開示控え / released entries: 期待 / expected 2, 照合 / checked 2');
    expect(out).toContain('交付の記録 / delivered requests: 期待 / expected 1, 照合 / checked 1');
  });

  it('verifies a log where it stands, and no other address', async () => {
    const { proxy } = system.endpoints.services;
    const from = (origin: string) =>
      verifyingLog({
        from: `${origin}/v1/tenants/t-001/log`,
        as: 'auditor-1',
        json: true,
        ...endpoints(),
      });

    expect(JSON.parse(await printedBy(from(proxy)))).toMatchObject({ ok: true, missing: 0 });
    const elsewhere = await mynumber(from('https://localhost:1'));
    expect(elsewhere.err).toContain('of another system');
  });
});

describe('taking a token', () => {
  const token = (more: Record<string, string>) =>
    commandLine('token', {
      client: 'payroll',
      tenant: 't-001',
      json: true,
      ...endpoints(),
      ...more,
    });

  it('gives one for a person, with the files to use it by', async () => {
    const answer = JSON.parse(await printedBy(token({ as: 'operator-1' }))) as {
      accessToken: string;
      expiresAt: string;
      certificate: string;
      key: string;
    };

    const claims = decodeJwt(answer.accessToken);
    expect(claims).toMatchObject({ tenant: 't-001', act: { sub: 'payroll' } });
    expect(claims.sub).toBe(system.endpoints.people.find((p) => p.name === 'operator-1')?.sub);
    expect(Date.parse(answer.expiresAt)).toBeGreaterThan(Date.now());
    expect([answer.certificate, answer.key].every((file) => existsSync(file))).toBe(true);
  });

  it('gives one for the client itself, with the scopes that were named', async () => {
    const out = await printedBy(token({ scope: 'record:read' }));

    const { accessToken } = JSON.parse(out) as { accessToken: string };
    expect(decodeJwt(accessToken)).toMatchObject({ sub: 'payroll', scope: 'record:read' });
  });

  it.each<[Record<string, string>, number, string]>([
    [{ as: 'nobody' }, 1, 'lists no such person; it has operator-1'],
    [{ client: 'nothing' }, 1, 'lists no such client; it has payroll'],
    [{ tenant: 't-002', as: 'operator-1' }, 1, 'has no right in this tenant'],
    [{ scope: 'everything' }, 2, 'Scopes are number:read'],
  ])('says what is wrong with %j', async (more, exitCode, reason) => {
    const refused = await mynumber(token(more));

    expect(refused.exitCode).toBe(exitCode);
    expect(refused.err).toContain(reason);
  });
});

describe('administrators', () => {
  const administering = (words: string, options: Record<string, string | true> = {}) =>
    commandLine(words, { as: 'administrator-1', ...endpoints(), ...options });
  const training = { course: '研修', completed: '2026-04-01', expires: '2027-03-31' };
  const assignment = { tenant: 't-001', purposes: 'TAX-WITHHOLD|EI', from: '2026-04-01' };

  it('make a tenant with a log, and give an operator all it takes to work for it', async () => {
    const subject = `sub-${crypto.randomUUID()}`;
    const run = (words: string, options: Record<string, string | true>) =>
      printedBy(administering(words, options));

    const created = await run('tenant create t-090', { name: '花子商店', json: true });
    await run('operator add', { subject, name: '山田 花子' });
    await run('training add', { subject, ...training });
    await run('assignment add', { subject, ...assignment, tenant: 't-090' });

    expect(JSON.parse(created)).toMatchObject({ tenantId: 't-090', name: '花子商店' });
    expect(await run('tenant list', {})).toMatch(
      /^t-090 +花子商店 +local\/access\/[0-9a-f-]{36}$/m,
    );
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['tenant create T_1', { name: 'x' }, 1, 'a tenant id is'],
    ['assignment add', { subject: 's', ...assignment, purposes: 'FUN' }, 1, '"purposes"'],
    ['training add', { subject: 'nobody', ...training }, 1, 'no such operator'],
    ['operator add', { name: 'x' }, 2, '--subject is missing'],
  ])('are told what is wrong with %s %j', async (words, options, exitCode, reason) => {
    const refused = await mynumber(administering(words, options));

    expect(refused.exitCode).toBe(exitCode);
    expect(refused.err).toContain(reason);
  });

  it('are the only ones who may', async () => {
    const other = administering('tenant list', { as: 'compliance-officer-1' });

    const { exitCode, err } = await mynumber(other);

    expect(exitCode).toBe(1);
    expect(err).toContain('no right in this tenant');
  });
});

function bundleIn(directory: string): string {
  const [first = ''] = readdirSync(join(directory, 'tile/entries/000.p'));
  return join(directory, 'tile/entries/000.p', first);
}
