import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DisposalBatch } from '@mnv/client';
import { freePort } from '@mnv/testing';
import { supervise } from '../../src/supervisor/supervise.ts';
import type { Supervision } from '../../src/supervisor/supervise.ts';
import { vaultProgram } from '../../src/system/service-programs.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { startDisposalWorld } from '../disposing/disposal-world.ts';
import type { DisposalWorld } from '../disposing/disposal-world.ts';

const FULL = process.env['FAULT_KILLS'] !== undefined;
const TENANT = 't-001';
const READS = 24;
/** How many of the reads have been answered when the process is stopped: the others are at any of their steps. */
const ANSWERED = FULL ? [0, 1, 2, 4, 8, 12, 16, 20] : [2];
/** Or until the records are erased, if that takes longer. */
const STOPPED_MS = FULL ? 30_000 : 0;
const WITHIN_MS = 900_000;

const signal = new AbortController().signal;
const say = () => undefined;
let world: DisposalWorld;
let token: string;
let stopped: number | undefined;

beforeAll(async () => {
  // An epoch waits for its readers as long as in production.
  world = await startDisposalWorld(startTemporarySystem({ say, signal, durability: 'fast' }));
});
afterEach(() => goOn());
afterAll(() => world.stop());

function halt(pid: number): void {
  stopped = pid;
  process.kill(pid, 'SIGSTOP');
}
function goOn(): void {
  if (stopped !== undefined) process.kill(stopped, 'SIGCONT');
  stopped = undefined;
}

type Ended = { at: number; status: number };

/** A read on a connection of its own, whose reader waits for ever; nothing it got is shown by a failing test. */
async function read(recordId: string): Promise<Ended> {
  const ended = await world
    .send({
      path: `/v1/tenants/${TENANT}/disclosures`,
      token,
      body: { recordId },
      headers: { 'mynumber-request': world.signed([recordId]) },
    })
    .catch(() => ({ status: 0 }));
  return { at: performance.now(), status: ended.status };
}

/** Reads of all these records at once; resolves when so many were answered. */
async function readAll(recordIds: readonly string[], answered: number) {
  const ended: Ended[] = [];
  const enough = Promise.withResolvers<void>();
  const reading = recordIds.map(async (recordId) => {
    ended.push(await read(recordId));
    if (ended.length >= answered) enough.resolve();
  });
  // The first of them is on its way when nothing is waited for.
  if (answered === 0) setImmediate(enough.resolve);
  await enough.promise;
  return { ended, over: Promise.all(reading) };
}

/** What the disposal service asks of a vault. */
const askVault = (vault: URL, path: string, body?: object) =>
  world.send({
    path: `/internal/disposals/${path}`,
    to: vault,
    as: 'service-disposal',
    ...(body && { body }),
  });

/** Orders at the vault, which asks for no person, and waits for the end of the epoch. */
async function erasedAt(vault: URL, { disposalId }: DisposalBatch): Promise<number> {
  for (;;) {
    const { status } = await askVault(vault, `${disposalId}/order`, { tenantId: TENANT });
    if (status === 202) break;
    await pause(100);
  }
  for (;;) {
    const shown = await askVault(vault, `${disposalId}?tenantId=${TENANT}`);
    if ((shown.json as { state?: string } | undefined)?.state === 'erased')
      return performance.now();
    await pause(50);
  }
}

/** Stops a process under reads of records that are disposed of while it stands still. */
async function stoppedUnderReads(name: 'vault' | 'access proxy', vault: URL, answered: number) {
  const { records, batch } = await world.approved(READS);
  token = await world.tokenOf('operator-1');
  const recordIds = records.map(({ recordId }) => recordId);
  const { ended, over } = await readAll(recordIds, answered);
  halt(world.system.pids()[name]!);
  const since = performance.now();
  const before = ended.length;
  const erased = await erasedAt(vault, batch);
  await pause(Math.max(0, STOPPED_MS - (performance.now() - since)));
  goOn();
  await over;
  const late = ended.filter(({ at }) => at > erased);
  return { before, late, recordIds };
}

async function expectGone(recordIds: readonly string[]): Promise<void> {
  for (const recordId of recordIds.slice(0, 2)) {
    let reading = await world.readingOf(recordId);
    while (/unavailable|exceeded/.test(reading)) reading = await world.readingOf(recordId);
    expect(reading).toBe('already-disposed');
  }
}

describe('a proxy that is stopped under reads whose records are erased meanwhile', () => {
  it.each(ANSWERED)(
    'lets no number out when it goes on, stopped when %i reads were answered',
    async (answered) => {
      const vault = new URL(world.system.endpoints.services.vault);
      const { before, late, recordIds } = await stoppedUnderReads('access proxy', vault, answered);
      expect(before).toBeLessThan(READS);
      expect(late.filter(({ status }) => status === 200)).toEqual([]);
      // The last of them may all be on their way to their readers when it is stopped.
      expect(late.length).toBeGreaterThanOrEqual(answered < READS / 2 ? 1 : 0);
      await expectGone(recordIds);
    },
    WITHIN_MS,
  );
});

(FULL ? describe : describe.skip)(
  'a vault that is stopped under reads, beside one that erases',
  () => {
    let second: Supervision;
    let vault: URL;

    beforeAll(async () => {
      const { installation } = world.system;
      const port = await freePort();
      const ports = { ...installation.ports, vault: port };
      const changes = { VAULT_INSTANCE: 'vault-2' };
      second = await supervise([[vaultProgram({ ...installation, ports }, { changes })]], {
        say,
        signal,
      });
      vault = new URL(`https://localhost:${port}`);
      // As the proxy does when it meets a vault that has just begun.
      const told = { path: '/internal/control-log/memory', to: vault, as: 'service-access-proxy' };
      await world.send({ ...told, body: { witnesses: [] } });
    });
    afterAll(() => second.stop());

    it.each(ANSWERED)(
      'lets no number out when it goes on, stopped when %i reads were answered',
      async (answered) => {
        const { before, late, recordIds } = await stoppedUnderReads('vault', vault, answered);
        expect(before).toBeLessThan(READS);
        expect(late.filter(({ status }) => status === 200)).toEqual([]);
        await expectGone(recordIds);
      },
      WITHIN_MS,
    );
  },
);
