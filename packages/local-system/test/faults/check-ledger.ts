import { readFileSync } from 'node:fs';
import { verifyLog } from '@mnv/cli';
import type { Client } from '@mnv/client';
import { decodeEntry, verifyReceipt } from '@mnv/protocol';
import { openTileLog, parsePolicy } from '@mnv/transparency-log';
import pg from 'pg';
import type { Endpoints } from '../../src/system/endpoints.ts';
import type { Ledger } from './client-ledger.ts';

export type Verdict = {
  logOk: boolean;
  /** Released, and in the log at the index of the receipt. */
  releasedAndLogged: number;
  /** Released, and in the vault's own rows. */
  releasedAndRemembered: number;
  /** Acknowledged, and found again under its reference with the same id. */
  storedAndPresent: number;
};

/** Compares what clients were told with what both databases hold; by other code than that which wrote them. */
export async function checkLedger(
  endpoints: Endpoints,
  { ledger, auditor, operator }: { ledger: Ledger; auditor: Client; operator: Client },
): Promise<Verdict> {
  const policy = parsePolicy(readFileSync(endpoints.logs.policy, 'utf8'), {
    origins: 'key-name-or-below',
  });
  const fetch = async (path: string) => auditor.readLog(path);
  const { ok: logOk } = await verifyLog({ fetch, policy });
  const logged = await intentsOf(fetch, policy);
  const remembered = await rememberedRequests(endpoints);
  let releasedAndLogged = 0;
  for (const { receipt } of ledger.released) {
    const [entry] = verifyReceipt(receipt, policy).entries;
    if (entry !== undefined && logged.get(receipt.first) === entry.rid) releasedAndLogged += 1;
  }
  const requests = ledger.released.map(({ requestId }) => requestId);
  return {
    logOk,
    releasedAndLogged,
    releasedAndRemembered: requests.filter((rid) => remembered.has(rid)).length,
    storedAndPresent: await countPresent(operator, ledger),
  };
}

async function intentsOf(
  fetch: (path: string) => Promise<Uint8Array | undefined>,
  policy: ReturnType<typeof parsePolicy>,
): Promise<Map<number, string>> {
  const log = await openTileLog(fetch, (note) => policy.verify(note));
  const intents = new Map<number, string>();
  let index = 0;
  for await (const bytes of log.entries()) {
    const entry = decodeEntry(bytes);
    if (entry.k === 'intent') intents.set(index, entry.rid);
    index += 1;
  }
  return intents;
}

async function rememberedRequests({ postgres }: Endpoints): Promise<Set<string>> {
  const client = new pg.Client({
    host: postgres.host,
    port: postgres.port,
    user: postgres.adminUser,
    password: readFileSync(postgres.adminPasswordFile, 'utf8').trim(),
    database: 'vault',
  });
  await client.connect();
  const { rows } = await client.query<{ rid: string }>('select rid from vault.release');
  await client.end();
  return new Set(rows.map(({ rid }) => rid));
}

async function countPresent(operator: Client, { stored }: Ledger): Promise<number> {
  let present = 0;
  for (const [individualRef, recordId] of stored) {
    const found = await operator.findRecords({ individualRef });
    if (found.length === 1 && found[0]?.recordId === recordId) present += 1;
  }
  return present;
}
