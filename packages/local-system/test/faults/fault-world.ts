import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@mnv/client';
import { ProblemError, TransportError } from '@mnv/client';
import { startFaultyProxy } from '@mnv/testing';
import pg from 'pg';
import { newRecord } from '../command-line/new-record.ts';
import { freePorts } from '../../src/supervisor/ports.ts';
import { clientFor } from '../../src/system/client-for.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { emptyLedger } from './client-ledger.ts';

const PURPOSE = { purpose: 'TAX-WITHHOLD', caseId: 'PAYROLL-2026-12' };
const RECOVERS_WITHIN_MS = 60_000;

/**
 * A whole system in whose every connection somebody stands who can break it: proxy and its database, proxy and
 * vault, vault and its database. A client asks for one number at a time, and writes down what it got.
 */
export async function startFaultWorld() {
  const ports = await freePorts();
  const before = (port: number) => startFaultyProxy({ host: '127.0.0.1', port });
  const links = {
    'proxy to its database': await before(ports.postgres),
    'proxy to vault': await before(ports.vault),
    'vault to its database': await before(ports.postgres),
  };
  const system = await startTemporarySystem({
    say: () => undefined,
    signal: new AbortController().signal,
    ports,
    detours: {
      accessDatabase: links['proxy to its database'].port,
      vault: links['proxy to vault'].port,
      vaultDatabase: links['vault to its database'].port,
    },
  });
  const { endpoints } = system;
  const clients: Client[] = [];
  const connect = (person: string, retry?: { attempts: number }) => {
    const order = { person, clientId: 'payroll', tenant: 't-001', ...(retry && { retry }) };
    const client = clientFor(endpoints, order);
    clients.push(client);
    return client;
  };
  const admin = new pg.Pool({
    host: endpoints.postgres.host,
    port: endpoints.postgres.port,
    user: endpoints.postgres.adminUser,
    password: readFileSync(endpoints.postgres.adminPasswordFile, 'utf8').trim(),
    database: 'vault',
    max: 1,
  }).on('error', () => undefined);
  const ledger = emptyLedger();
  const operator = connect('operator-1');
  const once = connect('operator-1', { attempts: 1 });
  const record = newRecord('E-fault');
  const { recordId } = await operator.storeRecord(record);
  ledger.stored.set(record.individualRef, recordId);

  /** One disclosure, tried once: whether the number came, and the code of the refusal if it did not. */
  async function attempt(): Promise<{ released: boolean; code: string; ms: number }> {
    const started = performance.now();
    const ended = (released: boolean, code: string) => {
      return { released, code, ms: performance.now() - started };
    };
    try {
      const { requestId, receipt } = await once.disclose({ ...PURPOSE, recordId });
      ledger.released.push({ requestId, recordIds: [recordId], receipt });
      return ended(true, '');
    } catch (error) {
      if (!(error instanceof ProblemError || error instanceof TransportError)) throw error;
      ledger.failed += 1;
      return ended(false, error.code);
    }
  }

  /** Asks until numbers come again: nobody has to help. */
  async function recovers(): Promise<void> {
    const end = Date.now() + RECOVERS_WITHIN_MS;
    for (let last = await attempt(); !last.released; last = await attempt()) {
      if (Date.now() > end) throw new Error(`the system did not recover: still ${last.code}`);
      await pause(50);
    }
  }

  async function releases(): Promise<number> {
    const { rows } = await admin.query<{ n: number }>('select count(*)::int n from vault.release');
    return rows[0]?.n ?? 0;
  }

  return {
    system,
    links,
    admin,
    ledger,
    operator,
    connect,
    attempt,
    recovers,
    releases,
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await admin.end();
      await system.stop();
      await Promise.all(Object.values(links).map((link) => link.close()));
    },
  };
}
export type FaultWorld = Awaited<ReturnType<typeof startFaultWorld>>;
export type LinkName = keyof FaultWorld['links'];
