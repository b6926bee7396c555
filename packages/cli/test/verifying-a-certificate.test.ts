import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tileDirectory } from '@mnv/transparency-log';
import { disposedWorld } from '../../disposal-certificate/test/certificate-world.ts';
import type { World } from '../../disposal-certificate/test/certificate-world.ts';
import { COMMANDS } from '../src/commands.ts';
import { runProgram } from '../src/run-program.ts';

const place = mkdtempSync(join(tmpdir(), 'mnv-certificate-'));
let world: World;

beforeAll(async () => {
  world = await disposedWorld({ stored: 70, disposed: [1, 2, 65] });
  const { jws } = await world.issue();
  writeFileSync(join(place, 'certificate.jws'), `${jws}\n`);
  writeFileSync(join(place, 'policy.txt'), world.policyText);
  const { paths } = await world.log.publish();
  const { put } = tileDirectory(join(place, 'log'));
  for (const [path, bytes] of paths) await put(path, bytes);
});
afterAll(() => rmSync(place, { recursive: true }));

/** Runs `mynumber` where nothing of a system is near. */
async function running(line: string) {
  const printed = { out: '', err: '' };
  const exitCode = await runProgram(line.split(' '), COMMANDS, {
    workingDirectory: place,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    errIsTerminal: false,
    now: Date.now,
  });
  return { exitCode, ...printed };
}
const verifying = (...more: string[]) =>
  running(['verify certificate certificate.jws --policy policy.txt', ...more].join(' '));

type Printed = { ok: boolean; claims: { id: string; verdict: string }[] };
const verdictsIn = (out: string) =>
  Object.fromEntries((JSON.parse(out) as Printed).claims.map(({ id, verdict }) => [id, verdict]));

describe('mynumber verify certificate', () => {
  it('names every claim in both languages with its verdict, and has no word for the whole', async () => {
    const { exitCode, out, err } = await verifying();
    expect([exitCode, err]).toEqual([0, '']);
    for (const id of ['P0', 'P1', 'P2', 'P3', 'P4'])
      expect(out).toMatch(new RegExp(`合格 PASS +${id}\n`));
    for (const id of ['P5', 'P6', 'C1', 'C2', 'N1', 'N2', 'N3', 'N4'])
      expect(out).toMatch(new RegExp(`未確認 NOT CHECKED +${id}\n`));
    expect(out).toContain('合格 PASS 5 · 不合格 FAIL 0 · 未確認 NOT CHECKED 8');
    expect(out).toMatch(/廃棄証明書 \/ disposal certificate +[0-9a-f-]{36}/);
    expect(out).not.toMatch(/\bvalid\b|有効|検証成功|verified/i);
  });

  it('says whose copy may still bring the numbers back, and until when', async () => {
    const { out } = await verifying();
    expect(out).toContain('mnv-root-test-1, assurance none, 2027-01-19T02:00:00.000Z');
  });

  it('replays the control log of a directory', async () => {
    const { exitCode, out } = await verifying('--control-log', 'log', '--json');
    expect(exitCode).toBe(0);
    expect(verdictsIn(out)).toMatchObject({ P0: 'PASS', P6: 'PASS', P5: 'NOT CHECKED' });
    expect(JSON.parse(out)).toMatchObject({ ok: true, stage: 'erased', records: 3, epoch: 2 });
  });

  it('ends with 1 for another tenant, and says that the signature is not what fails', async () => {
    const { exitCode, out } = await verifying('--tenant', 't-002');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/不合格 FAIL +P0\n/);
    expect(out).toContain('✗ tenant-differs');
    expect(out).toContain('Signature and form are right');
    expect((await verifying('--tenant', 't-001')).out).not.toContain('Signature and form');
  });

  it('ends with 1 for a file that is no certificate, where nothing was checked', async () => {
    writeFileSync(join(place, 'empty.jws'), '');
    const { exitCode, out } = await running('verify certificate empty.jws --policy policy.txt');
    expect(out).toContain('廃棄証明書ではない');
    expect(exitCode).toBe(1);
  });

  it('ends with 1 for a control log that is not there', async () => {
    const { exitCode, err } = await verifying('--control-log', 'nowhere');
    expect(exitCode).toBe(1);
    expect(err).toContain('There is no directory');
  });
});

describe('mynumber certificate show', () => {
  it('prints what it says, Japanese first, and that it verified nothing', async () => {
    const { exitCode, out } = await running('certificate show certificate.jws');
    expect(exitCode).toBe(0);
    expect(out).toContain('委託元 / controller');
    expect(out).toMatch(/依頼 \/ requested +requester +2027-01-12 11:00:02 JST/);
    expect(out).toContain('検証していない');
    expect(out).not.toContain('合格');
  });

  it('verifies it too under a policy, and ends with 1 when a claim fails', async () => {
    const shown = await running('certificate show certificate.jws --policy policy.txt');
    expect([shown.exitCode, shown.out.includes('合格 PASS 5')]).toEqual([0, true]);
    writeFileSync(join(place, 'none.txt'), 'quorum none\n');
    const failed = await running('certificate show certificate.jws --policy none.txt');
    expect([failed.exitCode, failed.out.includes('✗ signature-invalid')]).toEqual([1, true]);
  });

  it('writes a page to print', async () => {
    const { exitCode, out } = await running('certificate show certificate.jws --html page.html');
    expect([exitCode, out]).toEqual([0, '']);
    expect(readFileSync(join(place, 'page.html'), 'utf8')).toContain('<h1>個人番号 廃棄証明書');
  });

  it('says of another file that it is none', async () => {
    writeFileSync(join(place, 'other.jws'), 'a.b.c');
    const { exitCode, err } = await running('certificate show other.jws');
    expect([exitCode, err.includes('廃棄証明書ではない')]).toEqual([1, true]);
  });
});
