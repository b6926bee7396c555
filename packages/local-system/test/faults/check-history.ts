import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyLog, writeReleasesFile } from '@mnv/cli';
import type { Client } from '@mnv/client';
import { parseCheckpoint, parseNote, parsePolicy } from '@mnv/transparency-log';
import pg from 'pg';
import type { Endpoints } from '../../src/system/endpoints.ts';
import type { Ledger } from './client-ledger.ts';

/** What the log, the vault's memory and the clients' receipts say together. */
export type HistoryVerdict = {
  logOk: boolean;
  /** Entries the vault released on that are not in the log as they were released on. */
  releasedNotLogged: number;
  /** Requests the log calls delivered that the vault does not remember. */
  deliveredNotReleased: number;
  /** Sizes of some log for which anybody holds two roots. */
  sizesWithTwoRoots: number;
};

/** Reads everything again and compares it; by the code an auditor has. */
export async function checkHistory(
  endpoints: Endpoints,
  { auditor, ledger }: { auditor: Client; ledger: Ledger },
): Promise<HistoryVerdict> {
  const place = mkdtempSync(join(tmpdir(), 'history-'));
  try {
    const releasesFile = join(place, 'releases');
    const checkpoint = Buffer.from((await auditor.readLog('checkpoint')) ?? []).toString('utf8');
    await writeReleasesFile(
      releasesFile,
      { tenantId: 't-001', checkpoint },
      auditor.readReleases(),
    );
    const text = readFileSync(endpoints.logs.policy, 'utf8');
    const policy = parsePolicy(text, { origins: 'key-name-or-below' });
    const fetch = (path: string) => auditor.readLog(path);
    const { ok, releases } = await verifyLog({ fetch, policy, releasesFile });
    return {
      logOk: ok,
      releasedNotLogged: releases?.released.missing ?? -1,
      deliveredNotReleased: releases?.delivered.missing ?? -1,
      sizesWithTwoRoots: await countContradictions(endpoints, ledger),
    };
  } finally {
    rmSync(place, { recursive: true });
  }
}

async function countContradictions(endpoints: Endpoints, ledger: Ledger): Promise<number> {
  const notes = [
    ...(await column(endpoints, 'access', 'select checkpoint as note from access.log_batch')),
    ...(await column(endpoints, 'access', 'select note from access.log_witnessed')),
    ...(await column(endpoints, 'vault', 'select note from vault.seen_checkpoint')),
    ...ledger.released.map(({ receipt }) => receipt.checkpoint),
  ];
  const roots = new Map<string, Set<string>>();
  for (const note of notes) {
    const { origin, size, root } = parseCheckpoint(parseNote(note).text);
    const place = `${origin} ${size}`;
    roots.set(place, (roots.get(place) ?? new Set()).add(Buffer.from(root).toString('base64')));
  }
  return [...roots.values()].filter((found) => found.size > 1).length;
}

async function column({ postgres }: Endpoints, database: string, sql: string): Promise<string[]> {
  const client = new pg.Client({
    host: postgres.host,
    port: postgres.port,
    user: postgres.adminUser,
    password: readFileSync(postgres.adminPasswordFile, 'utf8').trim(),
    database,
  });
  await client.connect();
  const { rows } = await client.query<{ note: string }>(sql);
  await client.end();
  return rows.map(({ note }) => note);
}
