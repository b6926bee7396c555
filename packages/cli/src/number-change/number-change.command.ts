import { resolve } from 'node:path';
import type { Client, NumberChange, Stored } from '@mnv/client';
import { ProblemError } from '@mnv/client';
import { CommandError, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { PERSON_OPTIONS, TENANT_OPTION, withClient } from '../connection-options.ts';
import { decodedParts, detectEncoding } from '../decode-text.ts';
import { csvRows } from '../read-csv.ts';
import { CHANGE_COLUMNS, changeOfRow, readChangeHeader } from './change-row.ts';

type Outcome = { line: number; recordId: string } & (
  | { successor: string; warning?: Stored['warning'] }
  | { code: string; reason: string; supersededBy?: string }
);

/** 番号変更 and corrections, from a file: a number is never on a command line. */
export const NUMBER_CHANGE: Command = {
  name: 'number change',
  summary:
    '番号変更・誤入力の訂正を取り込む / change numbers, or correct mistyped ones, from a CSV file.',
  details: [
    `The first line names the columns: ${CHANGE_COLUMNS.join(',')}.`,
    'reason: changed (番号変更; from: the day since which the new number holds) or corrected (it was mistyped).',
    'Each row makes a new record and prints its id. The same file again, within a day, changes nothing twice.',
  ].join('\n'),
  positionals: ['FILE'],
  options: {
    ...PERSON_OPTIONS,
    tenant: TENANT_OPTION,
    json: { type: 'boolean', help: 'Print {changed, rejected} as JSON.' },
  },
  run: async ({ values, positionals: [file = ''] }, surroundings) => {
    const path = resolve(surroundings.workingDirectory, file);
    const tenant = textOf(values, 'tenant');
    const scopes = ['number:write'] as const;
    const verifiedBy = textOf(values, 'as');
    const outcomes = await withClient({ values, tenant, scopes, surroundings }, (client) =>
      changeAll(path, verifiedBy, client),
    );
    const changed = outcomes.filter((one) => 'successor' in one);
    const rejected = outcomes.filter((one) => 'code' in one);
    surroundings.out(
      values['json'] === true
        ? `${JSON.stringify({ changed, rejected })}\n`
        : outcomes.map(inWords).join(''),
    );
    return rejected.length > 0 ? 3 : 0;
  },
};

async function changeAll(file: string, verifiedBy: string, client: Client): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let columns: ReturnType<typeof readChangeHeader> | undefined;
  for await (const { line, cells } of csvRows(decodedParts(file, await detectEncoding(file)))) {
    if (columns === undefined) {
      columns = readChangeHeader(cells);
      continue;
    }
    const change = changeOfRow(columns, cells, verifiedBy);
    outcomes.push(
      'mend' in change
        ? { line, recordId: '', code: 'invalid-request', reason: change.mend }
        : { line, recordId: change.recordId, ...(await changeOne(change, client)) },
    );
  }
  if (columns === undefined) throw new CommandError('The file is empty.');
  return outcomes;
}

/** A record is superseded once in its life, so its own id names the request. */
async function changeOne(change: NumberChange, client: Client) {
  try {
    const { recordId: successor, ...rest } = await client.changeNumber(change, change.recordId);
    return { successor, ...rest };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { code, detail: reason, supersededBy } = error;
    return { code, reason, ...(supersededBy !== undefined && { supersededBy }) };
  }
}

function inWords(outcome: Outcome): string {
  const { line, recordId } = outcome;
  if ('successor' in outcome) {
    const warning = outcome.warning === undefined ? '' : ` (${outcome.warning})`;
    return `行 / line ${line}: ${recordId} → ${outcome.successor}${warning}\n`;
  }
  const { code, reason, supersededBy } = outcome;
  const by = supersededBy === undefined ? '' : ` → ${supersededBy}`;
  return `行 / line ${line}: 不受理 / rejected: ${code}: ${reason}${by}\n`;
}
