import { resolve } from 'node:path';
import type { Client, RetentionEvent, ToldEvent } from '@mnv/client';
import { CommandError, UsageError, optionalText } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { decodedParts, detectEncoding } from '../decode-text.ts';
import type { Encoding } from '../decode-text.ts';
import { csvRows } from '../read-csv.ts';
import { EVENT_COLUMNS, eventOfRow, readEventHeader } from './event-columns.ts';
import { RETENTION_OPTIONS, print, withPerson } from './retention-options.ts';

const MAX_SHOWN = 20;

/** What HR systems know of people’s coming and going, from a file they write. */
export const EVENTS_IMPORT: Command = {
  name: 'events import',
  summary: '入退社等の出来事を取り込む / tell what happened to people, from a CSV file.',
  details: [
    `The first line names columns out of ${EVENT_COLUMNS.join(',')};`,
    'id, kind and on are needed. Whose record: recordId, or individualRef and subject. A row with corrects puts its',
    'event in the place of that one (kind withdrawn: takes it back). The same file again tells nothing twice.',
  ].join('\n'),
  positionals: ['FILE'],
  options: {
    ...RETENTION_OPTIONS,
    encoding: { type: 'string', value: 'ENCODING', help: 'utf-8, shift_jis or auto (default).' },
  },
  run: async ({ values, positionals: [file = ''] }, surroundings) => {
    const path = resolve(surroundings.workingDirectory, file);
    const summary = await withPerson({ values, surroundings }, (client) =>
      importEvents(path, values, client),
    );
    print({ values, surroundings }, summary, () => inWords(summary));
    return summary.rejected.length > 0 ? 3 : 0;
  },
};

type Rejected = { line: number; code: string; reason: string };
type Summary = { rows: number; recorded: number; known: number; rejected: Rejected[] };

async function importEvents(file: string, values: Values, client: Client): Promise<Summary> {
  const rejected: Rejected[] = [];
  const lines: number[] = [];
  const summary = { recorded: 0, known: 0 };
  const events = eventsOf(file, await encodingOf(file, values), { rejected, lines });
  for await (const told of client.retention.tell(events)) {
    if ('problem' in told) rejected.push(rejectedOf(told, lines));
    else summary[told.outcome] += 1;
  }
  rejected.sort((a, b) => a.line - b.line);
  return { rows: summary.recorded + summary.known + rejected.length, ...summary, rejected };
}

/** The events of a file; `lines` remembers where each stood, rows that are none are rejected here. */
async function* eventsOf(
  file: string,
  encoding: Encoding,
  kept: { rejected: Rejected[]; lines: number[] },
): AsyncGenerator<RetentionEvent> {
  let columns: ReturnType<typeof readEventHeader> | undefined;
  for await (const { line, cells } of csvRows(decodedParts(file, encoding))) {
    if (columns === undefined) {
      columns = readEventHeader(cells);
      continue;
    }
    const event = eventOfRow(columns, cells);
    if ('mend' in event) {
      kept.rejected.push({ line, code: 'invalid-request', reason: event.mend });
      continue;
    }
    kept.lines.push(line);
    yield event;
  }
  if (columns === undefined) throw new CommandError('The file is empty.');
}

function rejectedOf(told: Extract<ToldEvent, { problem: unknown }>, lines: number[]): Rejected {
  const { type, title, detail } = told.problem;
  return {
    line: lines[told.line - 1] ?? 0,
    code: type.slice(type.lastIndexOf(':') + 1),
    reason: detail ?? title,
  };
}

async function encodingOf(file: string, values: Values): Promise<Encoding> {
  const asked = optionalText(values, 'encoding') ?? 'auto';
  if (asked === 'auto') return detectEncoding(file);
  if (asked === 'utf-8' || asked === 'shift_jis') return asked;
  throw new UsageError('Encodings are utf-8, shift_jis, auto.');
}

function inWords({ rows, recorded, known, rejected }: Summary): string {
  const shown = rejected
    .slice(0, MAX_SHOWN)
    .map(({ line, code, reason }) => `  行 / line ${line}: ${code}: ${reason}`);
  return [
    `行 / rows ${rows}, 登録 / recorded ${recorded}, 登録済み / known ${known}, 不受理 / rejected ${rejected.length}`,
    ...shown,
    ...(rejected.length > MAX_SHOWN ? ['  … (--json で全件 / all with --json)'] : []),
    '',
  ].join('\n');
}
