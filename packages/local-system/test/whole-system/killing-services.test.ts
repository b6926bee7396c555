import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Client, createClient } from '@mnv/client';
import { leakTripwire } from '@mnv/testing';
import { runMainJob } from '../../src/demo/run-main-job.ts';
import { shortfallsOf } from '../../src/demo/result.ts';
import { createStopwatch } from '../../src/demo/stopwatch.ts';
import { apiClientOf, tokenSourceFor } from '../../src/system/client-for.ts';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { SHORT_DRAIN } from '../short-drain.ts';
import { compareReleasesWithLog } from './released-and-logged.ts';
import { until } from './running-program.ts';

const PEOPLE = 120;
/** What a request may take in all, and one second for a slow machine. */
const DEADLINE_MS = 3_000;
const { signal } = new AbortController();

let system: LocalSystem;
let said: string[] = [];

beforeAll(async () => {
  system = await startTemporarySystem({
    say: (text) => void said.push(text),
    signal,
    vaultSettings: SHORT_DRAIN,
  });
  const logs = join(dirname(system.endpointsFile), 'logs');
  for (const name of readdirSync(logs)) leakTripwire().watchFile(name, join(logs, name));
  leakTripwire().watchFile('PostgreSQL', join(system.clusterDirectory, 'server.log'));
});
afterAll(async () => {
  await system.stop();
});
beforeEach(() => {
  said = [];
});

const kill = (name: string) => process.kill(system.pids()[name] ?? 0, 'SIGKILL');

/** One run of the main job; what it says is handed to `watch` at once. */
function runJob(watch: (text: string) => void) {
  return runMainJob(system.endpoints, {
    people: PEOPLE,
    say: watch,
    show: () => undefined,
    stopwatch: createStopwatch(),
    signal,
  });
}

describe('a service that is killed while payroll runs', () => {
  it.each(['identity provider', 'vault', 'access proxy', 'PostgreSQL'])(
    '%s: is restarted, payroll gets every number, and none left without its entry in both databases',
    async (name) => {
      const killed: Promise<unknown>[] = [];
      const result = await runJob((text) => {
        if (text.startsWith('importing')) killed.push(pause(30).then(() => kill(name)));
        if (text.startsWith('running')) {
          const isBack = () => system.pids()[name] !== undefined;
          killed.push(until(isBack).then(() => kill(name)));
        }
      });
      await Promise.all(killed);

      expect(killed).toHaveLength(2);
      expect(shortfallsOf(result)).toEqual([]);
      await until(() => said.filter((text) => text.startsWith(`${name} runs again`)).length === 2);
      expect(said).toContain(`${name} ended unexpectedly (${endOf(name)}); restarting`);
      const { released, missing } = await compareReleasesWithLog(system.endpoints);
      expect(released.size).toBeGreaterThanOrEqual(PEOPLE);
      expect(missing).toEqual([]);
    },
    90_000,
  );
});

const endOf = (name: string) => (name === 'PostgreSQL' ? 'the server is gone' : 'signal SIGKILL');

describe('a database that is gone', () => {
  it('is answered by 503 within the deadline, and the service recovers by itself', async () => {
    const client = withoutPatience();
    const answerTo = async () => {
      const ask = { recordId: randomUUID(), purpose: 'TAX-WITHHOLD', caseId: 'PAYROLL-2026-12' };
      const error = await client.disclose(ask).catch((thrown: unknown) => thrown);
      return error as { code?: string; status?: number };
    };
    expect(await answerTo()).toMatchObject({ code: 'record-not-found' });

    kill('PostgreSQL');
    const began = Date.now();
    const refusal = await answerTo();

    expect(refusal).toMatchObject({ status: 503 });
    expect(Date.now() - began).toBeLessThan(DEADLINE_MS);
    await until(async () => (await answerTo()).code === 'record-not-found');
    expect(said).toContain('PostgreSQL ended unexpectedly (the server is gone); restarting');
    await client.close();
  });
});

/** A client that shows every answer as it comes. */
function withoutPatience(): Client {
  const { ca, certificate, key } = {
    ...apiClientOf(system.endpoints, 'payroll'),
    ...system.endpoints,
  };
  return createClient({
    ca: readFileSync(ca, 'utf8'),
    certificate: readFileSync(certificate, 'utf8'),
    key: readFileSync(key, 'utf8'),
    proxyOrigin: system.endpoints.services.proxy,
    tenant: 't-001',
    token: tokenSourceFor(system.endpoints, { person: 'operator-1', clientId: 'payroll' }),
    retry: { attempts: 1 },
  });
}
