import { resolve } from 'node:path';
import type { CarriedItem } from '@mnv/client';
import { ProblemError } from '@mnv/client';
import { CommandError, UsageError, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { decodedParts, detectEncoding } from '../decode-text.ts';
import { csvRows } from '../read-csv.ts';
import { RETENTION_OPTIONS, print, withPerson } from '../retention/retention-options.ts';

const COLUMNS =
  'id,on,what,people,medium,protections,seal,tracking,carrier,from,to,approvedBy'.split(',');
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** The record of what is carried, from a file people keep. */
export const CARRIED_IMPORT: Command = {
  name: 'carried import',
  summary: '持ち運びの記録を取り込む / take in the record of what was carried, from a CSV file.',
  details: [
    `The first line names the columns ${COLUMNS.join(',')}; seal, tracking and approvedBy may be empty.`,
    'medium: paper usb disc device transmission other. protections, joined by |: encrypted password locked-case',
    'sealed-envelope masked agency-method. No cell may hold twelve digits. The same file again changes nothing.',
  ].join('\n'),
  positionals: ['FILE'],
  options: RETENTION_OPTIONS,
  run: async ({ values, positionals: [file = ''] }, surroundings) => {
    const rows = await rowsOf(resolve(surroundings.workingDirectory, file));
    const rejected: { line: number; reason: string }[] = [];
    await withPerson({ values, surroundings }, async ({ retention }) => {
      for (const { line, item } of rows) {
        const reason = await retention.recordCarried(item).then(() => undefined, reasonOf);
        if (reason !== undefined) rejected.push({ line, reason });
      }
    });
    const summary = { rows: rows.length, rejected };
    print({ values, surroundings }, summary, () =>
      [
        `行 / rows ${rows.length}, 不受理 / rejected ${rejected.length}`,
        ...rejected.map(({ line, reason }) => `  行 / line ${line}: ${reason}`),
        '',
      ].join('\n'),
    );
    return rejected.length > 0 ? 3 : 0;
  },
};

/** The end of one entry: its receipt, or that it does not count. */
export const CARRIED_END: Command = {
  name: 'carried end',
  summary: '持ち運びの受領または取消を記録する / record who received it, or take an entry back.',
  positionals: ['ID'],
  options: {
    ...RETENTION_OPTIONS,
    kind: { type: 'string', value: 'KIND', help: 'received or withdrawn.', required: true },
    on: { type: 'string', value: 'DAY', help: 'The day.', required: true },
    remark: { type: 'string', value: 'TEXT', help: 'Who took it, or why not.', required: true },
  },
  run: async ({ values, positionals: [id = ''] }, surroundings) => {
    const kind = textOf(values, 'kind');
    if (!ID.test(id)) throw new UsageError('An entry is named by its id.');
    if (kind !== 'received' && kind !== 'withdrawn')
      throw new UsageError('--kind is received or withdrawn.');
    const end = { kind, on: textOf(values, 'on'), remark: textOf(values, 'remark') } as const;
    await withPerson({ values, surroundings }, (client) => client.retention.endCarried(id, end));
    print({ values, surroundings }, { id }, () => '記録しました / recorded\n');
    return 0;
  },
};

async function rowsOf(file: string): Promise<{ line: number; item: CarriedItem }[]> {
  const rows: { line: number; item: CarriedItem }[] = [];
  let columns: readonly string[] | undefined;
  for await (const { line, cells } of csvRows(decodedParts(file, await detectEncoding(file)))) {
    if (columns === undefined) columns = requireColumns(cells);
    else rows.push({ line, item: itemOf(columns, cells) });
  }
  if (columns === undefined) throw new CommandError('The file is empty.');
  return rows;
}

function requireColumns(cells: readonly string[]): readonly string[] {
  const named = cells.map((cell) => cell.replace(/^\uFEFF/, ''));
  if (named.every((cell) => COLUMNS.includes(cell)) && new Set(named).size === named.length)
    return named;
  throw new CommandError(`The columns are ${COLUMNS.join(',')}, each once.`);
}

/** The service judges; what is empty is left out. */
function itemOf(columns: readonly string[], cells: readonly string[]): CarriedItem {
  const given = columns
    .map((name, at) => [name, cells[at] ?? ''] as const)
    .filter(([, cell]) => cell !== '')
    .map(([name, cell]) => [name, valueOf(name, cell)]);
  return Object.fromEntries(given) as CarriedItem;
}

function valueOf(name: string, cell: string): string | number | string[] {
  if (name === 'people') return Number(cell);
  return name === 'protections' ? cell.split('|') : cell;
}

function reasonOf(error: unknown): string {
  if (error instanceof ProblemError && error.status < 500) return error.detail ?? error.code;
  throw error;
}
