import { stat } from 'node:fs/promises';
import { chunksOf, mapInOrder } from '@mnv/client';
import type { Chunk, Client, DuplicateCheckProgress } from '@mnv/client';
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
import { openRowList } from './row-list-file.ts';
import { rowsDigest } from './rows-digest.ts';
import type { RowsDigest } from './rows-digest.ts';
import { storeRows } from './store-rows.ts';
import type { RowsOutcome } from './store-rows.ts';

export type ImportJob = {
  file: string;
  encoding: Encoding | 'auto';
  proxyOrigin: string;
  /** Who verified the numbers: the operator who imports them. */
  verifiedBy: string;
  client: Pick<Client, 'prepareDuplicateCheck' | 'storeChunk' | 'tenant'>;
  /** How far the numbers that are held already can be compared, before the first row is sent. */
  onPreparing?: (progress: DuplicateCheckProgress) => void;
  onProgress?: (progress: Progress) => void;
};

export type ImportSummary = {
  rows: number;
  stored: number;
  rejected: number;
  rejectsFile: string;
  /** Of those stored: held for another person too, and not compared. */
  warned: number;
  notCompared: number;
  warningsFile: string;
  /** Rows that earlier runs had done. */
  resumedAt: number;
  /** Earlier runs had done everything: nothing was sent. */
  alreadyDone: boolean;
};

const CHUNK_ROWS = 500;
const IN_FLIGHT = 2;

/** The files that an import keeps beside its file. */
export function sideFilesOf(file: string) {
  return {
    stateFile: `${file}.import-state.json`,
    rejectsFile: `${file}.rejects.csv`,
    warningsFile: `${file}.warnings.csv`,
  };
}

/**
 * Imports a CSV file. The state, which holds the name under which chunks are sent, is durable before the first
 * of them leaves; after each chunk rejects and warnings and then the state are. So a run that died at any point is
 * continued by the same call: chunks without a written outcome are sent again under the key they had, and
 * nothing is stored twice.
 */
export async function importFile(job: ImportJob): Promise<ImportSummary> {
  const files = sideFilesOf(job.file);
  const state = await stateOf(job, files.stateFile);
  const resumedAt = state.rowsDone;
  const progress = { rows: resumedAt, bytes: 0, totalBytes: (await stat(job.file)).size };
  const text = decodedParts(job.file, await encodingOf(job), (read) => (progress.bytes = read));
  const { order, rows } = await openRows(text);
  const digest = rowsDigest(order);
  await passDone(rows, { state, digest });
  await writeState(files.stateFile, state);
  const keep = await openSideFiles(files, state);
  if (!state.completed) await prepare(job);
  const { client, verifiedBy } = job;
  const store = (chunk: Chunk<CsvRow>) =>
    storeRows(chunk, { client, order, verifiedBy, importId: state.importId, resumedAt });
  for await (const outcome of mapInOrder(chunksOf(rows, state.chunkSize), IN_FLIGHT, store)) {
    outcome.rows.forEach(digest.add);
    state.rowsDigest = digest.value();
    await keep(outcome);
    job.onProgress?.({ ...progress, rows: state.rowsDone });
  }
  const alreadyDone = state.completed && state.rowsDone === resumedAt;
  state.completed = true;
  await writeState(files.stateFile, state);
  return summaryOf(state, { files, resumedAt, alreadyDone });
}

type SideFiles = ReturnType<typeof sideFilesOf>;

/** Writes down the outcome of a chunk: the rows to look at, and only then that the chunk is done. */
async function openSideFiles(files: SideFiles, state: ImportState) {
  const rejects = await openRowList(files.rejectsFile, state.rejectsBytes);
  const warnings = await openRowList(files.warningsFile, state.warningsBytes);
  return async (outcome: RowsOutcome): Promise<void> => {
    state.rowsDone += outcome.rows.length;
    state.stored += outcome.stored;
    state.rejected += outcome.rejected.length;
    state.rejectsBytes = await rejects.append(outcome.rejected);
    state.warned += outcome.warned.length;
    state.warningsBytes = await warnings.append(outcome.warned);
    state.notCompared += outcome.notCompared;
    await writeState(files.stateFile, state);
  };
}

/** Rows can be stored without being compared: whatever is in the way here, storing itself will tell. */
async function prepare({ client, onPreparing }: ImportJob): Promise<void> {
  try {
    for await (const progress of client.prepareDuplicateCheck()) onPreparing?.(progress);
  } catch {
    onPreparing?.({ state: 'missing', opened: 0, of: 0 });
  }
}

function summaryOf(
  { rowsDone: rows, stored, rejected, warned, notCompared }: ImportState,
  run: { files: SideFiles; resumedAt: number; alreadyDone: boolean },
): ImportSummary {
  const { rejectsFile, warningsFile } = run.files;
  const { resumedAt, alreadyDone } = run;
  const counts = { rows, stored, rejected, warned, notCompared };
  return { ...counts, rejectsFile, warningsFile, resumedAt, alreadyDone };
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
