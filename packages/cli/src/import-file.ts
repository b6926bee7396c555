import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { chunkKey, chunksOf, mapInOrder } from '@mnv/client';
import type { Chunk, Client, NewRecord } from '@mnv/client';
import { CommandError } from './command.ts';
import { decodedParts, detectEncoding } from './decode-text.ts';
import type { Encoding } from './decode-text.ts';
import { readHeader } from './import-columns.ts';
import type { ColumnOrder } from './import-columns.ts';
import type { Progress } from './import-progress.ts';
import { isReject, recordFromRow } from './import-row.ts';
import { newState, readState, writeState } from './import-state.ts';
import type { ImportState } from './import-state.ts';
import { csvRows } from './read-csv.ts';
import type { CsvRow } from './read-csv.ts';
import { openRejects } from './rejects-file.ts';
import type { RejectedRow } from './rejects-file.ts';

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
  resumedAt: number;
};

type ChunkOutcome = { chunk: Chunk<CsvRow>; stored: number; rejected: RejectedRow[] };

const CHUNK_ROWS = 500;
const IN_FLIGHT = 2;

/** The state file and the rejects file of an import file. */
export function sideFilesOf(file: string): { stateFile: string; rejectsFile: string } {
  return { stateFile: `${file}.import-state.json`, rejectsFile: `${file}.rejects.csv` };
}

/**
 * Imports a CSV file. After each chunk the rejects and then the state are made durable; a run that died at any
 * point is continued by the same call: chunks without a written outcome are sent again under the key they had,
 * so nothing is stored twice.
 */
export async function importFile(job: ImportJob): Promise<ImportSummary> {
  const { stateFile, rejectsFile } = sideFilesOf(job.file);
  const own = { tenant: job.client.tenant, proxyOrigin: job.proxyOrigin };
  const state =
    (await readState(stateFile, own)) ??
    newState({ ...own, chunkSize: CHUNK_ROWS, encoding: await encodingOf(job) });
  const resumedAt = state.rowsDone;
  const digest = createHash('sha256');
  const totalBytes = (await stat(job.file)).size;
  let bytes = 0;
  const text = decodedParts(job.file, state.encoding, (read) => (bytes = read));
  const { order, rows } = await openRows(text);
  const rest = await skipDone(rows, { order, state, digest });
  const rejects = await openRejects(rejectsFile, state.rejectsBytes);
  const store = (chunk: Chunk<CsvRow>) => storeRows(job, { chunk, order, state, resumedAt });
  for await (const outcome of mapInOrder(chunksOf(rest, state.chunkSize), IN_FLIGHT, store)) {
    for (const row of outcome.chunk.items) digest.update(withoutNumber(order, row));
    Object.assign(state, {
      rowsDone: state.rowsDone + outcome.chunk.items.length,
      stored: state.stored + outcome.stored,
      rejected: state.rejected + outcome.rejected.length,
      rejectsBytes: await rejects.append(outcome.rejected),
      rowsDigest: digest.copy().digest('base64url'),
    });
    await writeState(stateFile, state);
    job.onProgress?.({ rows: state.rowsDone, bytes, totalBytes });
  }
  Object.assign(state, { completed: true });
  await writeState(stateFile, state);
  return {
    rows: state.rowsDone,
    stored: state.stored,
    rejected: state.rejected,
    rejectsFile,
    resumedAt,
  };
}

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
async function skipDone(
  rows: AsyncGenerator<CsvRow>,
  {
    order,
    state,
    digest,
  }: { order: ColumnOrder; state: ImportState; digest: ReturnType<typeof createHash> },
): Promise<AsyncGenerator<CsvRow>> {
  for (let done = 0; done < state.rowsDone; done += 1) {
    const row = await rows.next();
    if (row.done) throw changedFile();
    digest.update(withoutNumber(order, row.value));
  }
  if (state.rowsDone > 0 && digest.copy().digest('base64url') !== state.rowsDigest)
    throw changedFile();
  return rows;
}

function changedFile(): CommandError {
  return new CommandError(
    'The file is not the one whose import was begun: its first rows differ. Import the new rows from a new file.',
  );
}

/** What identifies a row without its number: every other cell, length-prefixed. */
function withoutNumber(order: ColumnOrder, { cells }: CsvRow): string {
  const others = cells.filter((_, at) => order[at] !== 'individualNumber');
  // A row with another number of cells than the header may hold its number anywhere.
  return cells.length === order.length ? JSON.stringify(others) : `[${cells.length}]`;
}

async function storeRows(
  { client, verifiedBy }: ImportJob,
  at: { chunk: Chunk<CsvRow>; order: ColumnOrder; state: ImportState; resumedAt: number },
): Promise<ChunkOutcome> {
  const { chunk, order, state, resumedAt } = at;
  const rejected: RejectedRow[] = [];
  const records: { record: NewRecord; line: number }[] = [];
  for (const { cells, line } of chunk.items) {
    const row = recordFromRow(order, cells, verifiedBy);
    if (isReject(row)) rejected.push({ line, ...row });
    else records.push({ record: row, line });
  }
  // The key names the place in the file, not the run: the same rows have the same key after a restart.
  const key = chunkKey(state.importId, resumedAt + chunk.start + 1);
  const results =
    records.length === 0
      ? []
      : await client.storeChunk(
          records.map(({ record }) => record),
          key,
        );
  results.forEach((result, index) => {
    if (!('problem' in result)) return;
    const { type, title } = result.problem;
    rejected.push({
      line: records[index]?.line ?? 0,
      code: type.split(':').at(-1) ?? 'unnamed',
      reason: title,
    });
  });
  rejected.sort((a, b) => a.line - b.line);
  return {
    chunk,
    stored: records.length - results.filter((result) => 'problem' in result).length,
    rejected,
  };
}
