import { resolve } from 'node:path';
import type { Client, RefusalStep } from '@mnv/client';
import { ProblemError } from '@mnv/client';
import { CommandError } from '../command.ts';
import type { Command } from '../command.ts';
import { decodedParts, detectEncoding } from '../decode-text.ts';
import { csvRows } from '../read-csv.ts';
import { RETENTION_OPTIONS, print, withPerson } from '../retention/retention-options.ts';
import { REFUSAL_COLUMNS, readRefusalHeader, stepOfRow } from './refusal-columns.ts';

type Rejected = { line: number; code: string; reason: string };
type Summary = { rows: number; recorded: number; known: number; rejected: Rejected[] };

/** 提供の求めと拒否の経過, from a file that HR keeps. */
export const REFUSALS_IMPORT: Command = {
  name: 'refusals import',
  summary:
    '番号の提供を求めた経過を取り込む / record the course of asking for numbers, from a CSV file.',
  details: [
    `The first line names columns out of ${REFUSAL_COLUMNS.join(',')}.`,
    'kind: asked (channel, by, toldDuty yes|no), refused (reason), unanswered, filed-without (document, reference,',
    'deadline, completedOn), provided, ended (reason), withdrawn (step, reason). The same file again tells nothing twice.',
  ].join('\n'),
  positionals: ['FILE'],
  options: RETENTION_OPTIONS,
  run: async ({ values, positionals: [file = ''] }, surroundings) => {
    const path = resolve(surroundings.workingDirectory, file);
    const summary = await withPerson({ values, surroundings }, (client) =>
      importSteps(path, client),
    );
    print({ values, surroundings }, summary, () => inWords(summary));
    return summary.rejected.length > 0 ? 3 : 0;
  },
};

async function importSteps(file: string, client: Client): Promise<Summary> {
  const summary: Summary = { rows: 0, recorded: 0, known: 0, rejected: [] };
  let columns: ReturnType<typeof readRefusalHeader> | undefined;
  for await (const { line, cells } of csvRows(decodedParts(file, await detectEncoding(file)))) {
    if (columns === undefined) {
      columns = readRefusalHeader(cells);
      continue;
    }
    summary.rows += 1;
    const step = stepOfRow(columns, cells);
    const refused =
      'mend' in step
        ? { code: 'invalid-request', reason: step.mend }
        : await recordOne(step, { client, summary });
    if (refused) summary.rejected.push({ line, ...refused });
  }
  if (columns === undefined) throw new CommandError('The file is empty.');
  return summary;
}

async function recordOne(
  step: RefusalStep,
  { client, summary }: { client: Client; summary: Summary },
): Promise<Omit<Rejected, 'line'> | undefined> {
  try {
    summary[(await client.refusals.record(step)).outcome] += 1;
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) return { code: error.code, reason: error.detail };
    throw error;
  }
}

function inWords({ rows, recorded, known, rejected }: Summary): string {
  return [
    `行 / rows ${rows}, 登録 / recorded ${recorded}, 登録済み / known ${known}, 不受理 / rejected ${rejected.length}`,
    ...rejected.map(({ line, code, reason }) => `  行 / line ${line}: ${code}: ${reason}`),
    '',
  ].join('\n');
}
