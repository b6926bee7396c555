import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Disposal } from '@mnv/client';
import { makeIndividualNumber } from '@mnv/testing';
import { commandLine, mynumber, printedBy } from '../command-line/mynumber.ts';
import { startDisposalWorld } from './disposal-world.ts';
import type { DisposalWorld } from './disposal-world.ts';

let world: DisposalWorld;
let directory: string;
let refs: string[];
beforeAll(async () => {
  world = await startDisposalWorld();
  directory = mkdtempSync(join(tmpdir(), 'disposal-cli-'));
  refs = (await world.storeRecords(3)).map(({ individualRef }) => individualRef);
});
afterAll(async () => {
  await world.stop();
  rmSync(directory, { recursive: true });
});

/** Arguments of a command by one of the people. */
const by = (as: string, words: string, options: Record<string, string | true> = {}) =>
  commandLine(words, {
    endpoints: world.system.endpointsFile,
    tenant: 't-001',
    as,
    client: 'payroll',
    ...options,
  });
const fileIn = (name: string, text: string) => {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
};

describe('mynumber disposal', () => {
  const asked = { case: 'LEAVERS-2026-12', reason: '退職' };
  let disposal: Disposal;

  it('asks for the persons a file names, and says what the two who approve have to sign', async () => {
    const file = fileIn('leavers.txt', `${refs.join('\r\n')}\r\n`);
    const out = await printedBy(by('requester-1', `disposal request ${file}`, asked));
    const [, id = ''] = /disposal approve ([0-9a-f-]{36}) --batch/.exec(out) ?? [];
    const json = await printedBy(by('approver-1', `disposal status ${id}`, { json: true }));
    disposal = JSON.parse(json) as Disposal;
    expect(disposal).toMatchObject({ count: 3, state: 'requested', reason: '退職' });
    expect(out).toContain(disposal.batchHash);
    expect(out).toContain('申請済み');
  });

  it('lets nobody approve another batch than the one they name', async () => {
    const words = `disposal approve ${disposal.disposalId}`;
    const { exitCode, err } = await mynumber(by('approver-1', words, { batch: 'A'.repeat(43) }));
    expect([exitCode, err]).toEqual([1, expect.stringContaining('another batch')]);
    expect((await mynumber(by('approver-1', words))).exitCode).toBe(2);
  });

  it('shows each approver what it is about before it signs', async () => {
    for (const approver of ['approver-1', 'approver-2']) {
      const words = `disposal approve ${disposal.disposalId}`;
      const out = await printedBy(by(approver, words, { batch: disposal.batchHash }));
      for (const text of [asked.case, asked.reason, disposal.batchHash, '署名しました'])
        expect(out).toContain(text);
    }
    const words = `disposal approve ${disposal.disposalId}`;
    const again = await mynumber(by('approver-2', words, { batch: disposal.batchHash }));
    expect([again.exitCode, again.err]).toEqual([1, expect.stringContaining('approver-repeated')]);
  });

  it('orders, waits, and writes a certificate that verifies with the policy alone', async () => {
    await printedBy(by('requester-1', `disposal order ${disposal.disposalId}`));
    await printedBy(by('requester-1', `disposal wait ${disposal.disposalId}`));
    const to = join(directory, 'certificate.jws');
    await printedBy(by('requester-1', `disposal certificate ${disposal.disposalId}`, { to }));
    expect(statSync(to).mode & 0o777).toBe(0o600);
    const policy = world.system.endpoints.logs.policy;
    const verified = await printedBy(
      commandLine(`verify certificate ${to}`, { policy, tenant: 't-001' }),
    );
    expect(verified).toContain('PASS');
    const list = await printedBy(by('approver-1', 'disposal list'));
    expect(list).toMatch(/証明書発行済み.*No\. 1/);
  });

  it('writes one that holds against the whole control log, for a policy that asks for witnesses', async () => {
    const policy = world.system.endpoints.logs.policy;
    const text = readFileSync(policy, 'utf8');
    const strict = fileIn('strict-policy.txt', text.replace(/^quorum none$/m, 'quorum local'));
    const to = join(directory, 'control');
    const { endpointsFile: endpoints } = world.system;
    const more = { to, control: true, witnessed: true, as: 'auditor-2', endpoints } as const;
    await printedBy(commandLine('log export', more));
    const certificate = join(directory, 'certificate.jws');
    const verified = await printedBy(
      commandLine(`verify certificate ${certificate}`, {
        policy: strict,
        tenant: 't-001',
        'control-log': to,
      }),
    );
    expect(verified).toMatch(/P6.*PASS|PASS.*P6/);
    expect(await printedBy(commandLine('verify log', { from: to, policy: strict }))).toContain(
      '証人 / witnesses: local',
    );
  });

  it('writes the list of persons once, and never over a file', async () => {
    const words = `disposal persons ${disposal.disposalId}`;
    const to = join(directory, 'persons.csv');
    await printedBy(by('requester-1', words, { to }));
    const text = readFileSync(to, 'utf8');
    for (const ref of refs) expect(text).toContain(ref);
    expect((await mynumber(by('requester-1', words, { to }))).exitCode).toBe(1);
    const again = join(directory, 'again.csv');
    const { exitCode, err } = await mynumber(by('requester-1', words, { to: again }));
    expect([exitCode, existsSync(again)]).toEqual([1, false]);
    expect(err).toContain('handed out before');
  });

  it('says how many records are named twice, names the draft of a refused request, holds and stops', async () => {
    const [record] = await world.storeRecords(1);
    const file = fileIn('ids.txt', `${record!.recordId}\n${record!.individualRef}\n`);
    const request = by('requester-1', `disposal request ${file}`, asked);
    expect(await printedBy(request)).toContain('named more than once: 1');
    const { err } = await mynumber(request);
    const [, draft = ''] = /The draft ([0-9a-f-]{36}) stays/.exec(err) ?? [];
    expect(await printedBy(by('requester-1', `disposal stop ${draft}`))).toContain('中止');
    const json = await printedBy(by('requester-1', 'disposal list', { json: true }));
    const { disposalId, batchHash } = (JSON.parse(json) as Disposal[]).find(
      ({ state }) => state === 'requested',
    )!;
    const held = by('compliance-officer-1', `disposal hold ${disposalId}`, { batch: batchHash });
    expect(await printedBy(held)).toContain('保全あり');
    expect(await printedBy(by('requester-1', `disposal stop ${disposalId}`))).toContain('中止');
  });

  it('names the line of a file that names nobody, and repeats nothing of it', async () => {
    const number = makeIndividualNumber();
    for (const [name, line] of [
      ['nobody', 'nobody-there'],
      ['number', number],
    ] as const) {
      const file = fileIn(`${name}.txt`, `${line}\n`);
      const { exitCode, err } = await mynumber(
        by('requester-1', `disposal request ${file}`, asked),
      );
      expect([exitCode, err]).toEqual([1, expect.stringMatching(/Line 1 /)]);
      expect(err).not.toContain(line);
    }
    const empty = fileIn('empty.txt', '\n');
    expect((await mynumber(by('requester-1', `disposal request ${empty}`, asked))).exitCode).toBe(
      1,
    );
    expect((await mynumber(by('requester-1', 'disposal status x'))).exitCode).toBe(2);
  });
});
