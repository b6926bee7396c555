import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@mnv/client';
import { clientFor } from '../../src/system/client-for.ts';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { checkLedger } from './check-ledger.ts';
import { emptyLedger, work } from './client-ledger.ts';
import { killAtRandom } from './kill-at-random.ts';
import { randomFrom } from './random.ts';

const KILLS = Number(process.env['FAULT_KILLS'] ?? 4);
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
const WORKERS = 6;

let system: LocalSystem;
let clients: Client[] = [];

beforeAll(async () => {
  system = await startTemporarySystem({
    say: () => undefined,
    signal: new AbortController().signal,
  });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await system.stop();
});

function connect(person: string, retry?: { attempts: number }): Client {
  const order = { person, clientId: 'payroll', tenant: 't-001', ...(retry && { retry }) };
  const client = clientFor(system.endpoints, order);
  clients = [...clients, client];
  return client;
}

describe(`a system whose parts are killed at random under load (FAULT_SEED=${SEED} FAULT_KILLS=${KILLS})`, () => {
  it(
    'releases nothing that is not in the log and in the memory of the vault, loses nothing it acknowledged, and lets nobody wait',
    async () => {
      const ledger = emptyLedger();
      const stop = new AbortController();
      const operator = connect('operator-1');
      const once = connect('operator-1', { attempts: 1 });
      const workers = Array.from({ length: WORKERS }, (_, at) =>
        work(at % 2 === 0 ? operator : once, ledger, stop.signal),
      );
      const storm = killAtRandom(system, { kills: KILLS, random: randomFrom(SEED) });
      const killed = await storm.finally(() => stop.abort());
      await Promise.all(workers);

      expect(killed).toHaveLength(KILLS);
      expect(ledger.released.length).toBeGreaterThan(KILLS);
      expect(ledger.hung).toBe(0);
      const verdict = await checkLedger(system.endpoints, {
        ledger,
        operator,
        auditor: connect('auditor-1'),
      });
      expect(verdict).toEqual({
        logOk: true,
        releasedAndLogged: ledger.released.length,
        releasedAndRemembered: ledger.released.length,
        storedAndPresent: ledger.stored.size,
      });
    },
    60_000 + KILLS * 15_000,
  );
});
