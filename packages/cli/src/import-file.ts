import { stat } from 'node:fs/promises';
import { chunksOf, mapInOrder } from '@mnv/client';
import type { Chunk, Client } from '@mnv/client';
import { CommandError } from './command.ts';
import { decodedParts, detectEncoding } from './decode-text.ts';
import type { Encoding } from './decode-text.ts';
import { readHeader } from './import-columns.ts';
import type { ColumnOrder } from './import-columns.ts';
import type { Progress } from './import-progress.ts';
import { newState, readState, writeState } from './import-state.ts';
import type { ImportState } from './import-state.ts';
import { csvRows } from './read-csv.ts';
import type { CsvRow } from './read-csv.ts';
import { openRejects } from './rejects-file.ts';
import { rowsDigest } from './rows-digest.ts';
import type { RowsDigest } from './rows-digest.ts';
import { storeRows } from './store-rows.ts';

export type ImportJob = {
  file: string;
  encoding: Encoding | 'auto';
  proxyOrigin: string;
  /** Who verified the numbers: the operator who imports them. */
  verifiedBy: string;
  client: Pick<Client, 'storeChunk' | 'tenant'>;
  onProgress?: (progress: Progress) => void;
};

export type ImportSummary = {
  rows: number;
  stored: number;
  rejected: number;
  rejectsFile: string;
  /** Rows that earlier runs had done. */
  resumedAt: number;
  /** Earlier runs had done everything: nothing was sent. */
  alreadyDone: boolean;
};

const CHUNK_ROWS = 500;
const IN_FLIGHT = 2;

/** The state file and the rejects file of an import file. */
export function sideFilesOf(file: string): { stateFile: string; rejectsFile: string } {
  return { stateFile: `${file}.import-state.json`, rejectsFile: `${file}.rejects.csv` };
}

/**
 * Imports a CSV file. The state, which holds the name under which chunks are sent, is durable before the first
 * of them leaves; after each chunk the rejects and then the state are. So a run that died at any point is
 * continued by the same call: chunks without a written outcome are sent again under the key they had, and
 * nothing is stored twice.
 */
export async function importFile(job: ImportJob): Promise<ImportSummary> {
  const { stateFile, rejectsFile } = sideFilesOf(job.file);
  const state = await stateOf(job, stateFile);
  const resumedAt = state.rowsDone;
  const progress = { rows: resumedAt, bytes: 0, totalBytes: (await stat(job.file)).size };
  const text = decodedParts(job.file, await encodingOf(job), (read) => (progress.bytes = read));
  const { order, rows } = await openRows(text);
  const digest = rowsDigest(order);
  await passDone(rows, { state, digest });
  await writeState(stateFile, state);
  const rejects = await openRejects(rejectsFile, state.rejectsBytes);
  const { client, verifiedBy } = job;
  const store = (chunk: Chunk<CsvRow>) =>
    storeRows(chunk, { client, order, verifiedBy, importId: state.importId, resumedAt });
  for await (const outcome of mapInOrder(chunksOf(rows, state.chunkSize), IN_FLIGHT, store)) {
    outcome.rows.forEach(digest.add);
    state.rowsDone += outcome.rows.length;
    state.stored += outcome.stored;
    state.rejected += outcome.rejected.length;
    state.rejectsBytes = await rejects.append(outcome.rejected);
    state.rowsDigest = digest.value();
    await writeState(stateFile, state);
    job.onProgress?.({ ...progress, rows: state.rowsDone });
  }
  const alreadyDone = state.completed && state.rowsDone === resumedAt;
  state.completed = true;
  await writeState(stateFile, state);
  const { rowsDone, stored, rejected } = state;
  return { rows: rowsDone, stored, rejected, rejectsFile, resumedAt, alreadyDone };
}

async function stateOf(job: ImportJob, stateFile: string): Promise<ImportState> {
  const { proxyOrigin, verifiedBy } = job;
  const own = { tenant: job.client.tenant, proxyOrigin, verifiedBy };
  return (await readState(stateFile, own)) ?? newState({ ...own, chunkSize: CHUNK_ROWS });
}

/** Asked anew by every run: a file that was saved in another encoding still has the same rows. */
async function encodingOf({ encoding, file }: ImportJob): Promise<Encoding> {
  return encoding === 'auto' ? detectEncoding(file) : encoding;
}

async function openRows(
  text: AsyncIterable<string>,
): Promise<{ order: ColumnOrder; rows: AsyncGenerator<CsvRow> }> {
  const rows = csvRows(text);
  const header = await rows.next();
  if (header.done) throw new CommandError('The file is empty.');
  return { order: readHeader(header.value.cells), rows };
}

/** Passes over the rows that are done, and makes sure that they are the same ones as then. */
async function passDone(
  rows: AsyncGenerator<CsvRow>,
  { state, digest }: { state: ImportState; digest: RowsDigest },
): Promise<void> {
  for (let done = 0; done < state.rowsDone; done += 1) {
    const row = await rows.next();
    if (row.done) throw changedFile();
    digest.add(row.value);
  }
  if (state.rowsDone > 0 && digest.value() !== state.rowsDigest) throw changedFile();
}

function changedFile(): CommandError {
  return new CommandError(
    'The file is not the one whose import was begun: its first rows differ. Import other rows from a new file.',
  );
}
