import type { Client, Disposal } from '@mnv/client';
import { UsageError, optionalText, textOf } from '../command.ts';
import type { Command, Surroundings, Values } from '../command.ts';
import { disposalInWords } from '../disposal/disposal-text.ts';
import {
  RETENTION_OPTIONS,
  idOf,
  print,
  recordIdsOfFile,
  withPerson,
} from './retention-options.ts';
import { dryRunInWords } from './retention-text.ts';

export const RETENTION_DRY_RUN: Command = {
  name: 'retention dry-run',
  summary: '廃棄の試算（何も消さない） / list what would be disposed of; nothing is done.',
  options: {
    ...RETENTION_OPTIONS,
    until: { type: 'string', value: 'DAY', help: 'Everything due up to this day; default: today.' },
    early: {
      type: 'string',
      value: 'FILE',
      help: 'Instead: the record ids of FILE, before their time. Two persons decide it first.',
    },
    reason: { type: 'string', value: 'TEXT', help: 'Why, with --early.' },
  },
  run: async ({ values }, surroundings) => {
    const asked = await askedFor(values, surroundings);
    const dryRun = await withPerson({ values, surroundings }, (client) =>
      client.retention.dryRun(asked),
    );
    print({ values, surroundings }, dryRun, () => dryRunInWords(dryRun) + next(dryRun));
    return 0;
  },
};

async function askedFor(values: Values, surroundings: Surroundings) {
  const [until, file] = [optionalText(values, 'until'), optionalText(values, 'early')];
  if (file === undefined) return { kind: 'due', ...(until !== undefined && { until }) } as const;
  if (until !== undefined) throw new UsageError('--until and --early exclude each other.');
  const recordIds = await recordIdsOfFile(file, surroundings);
  return { kind: 'early', reason: textOf(values, 'reason'), recordIds } as const;
}

function next({ dryRunId, kind }: { dryRunId: string; kind: string }): string {
  const decide =
    kind === 'early'
      ? [`  mynumber retention propose early/${dryRunId} dispose --reason … --tenant … --as …`]
      : [];
  return [
    '',
    '次に / next:',
    ...decide,
    `  mynumber retention request ${dryRunId} --case … --tenant … --as …`,
    '',
  ].join('\n');
}

/** From a dry run to disposals: one for each part, signed by the requester. */
export const RETENTION_REQUEST: Command = {
  name: 'retention request',
  summary: '試算どおりの廃棄を申請する / ask for the disposal of what a dry run lists.',
  details:
    'Every part becomes one disposal, which two others approve. A part in which anything changed since is refused as a whole.',
  positionals: ['DRY-RUN'],
  options: {
    ...RETENTION_OPTIONS,
    case: {
      type: 'string',
      value: 'CASE',
      help: 'The occasion, like DUE-2027-03.',
      required: true,
    },
    reason: {
      type: 'string',
      value: 'TEXT',
      help: 'What those who approve read.',
      required: true,
    },
  },
  run: async ({ values, positionals }, surroundings) => {
    const dryRunId = idOf(positionals, 'A dry run');
    const order = { caseId: textOf(values, 'case'), reason: textOf(values, 'reason') };
    const disposals = await withPerson({ values, surroundings }, (client) =>
      requestParts(client, dryRunId, order),
    );
    print({ values, surroundings }, { disposals }, () =>
      disposals.map((one) => disposalInWords(one)).join('\n'),
    );
    return 0;
  },
};

/** The same part is the same draft, so a run that stopped in between is run again. */
async function requestParts(
  client: Client,
  dryRunId: string,
  order: { caseId: string; reason: string },
): Promise<Disposal[]> {
  const { summary } = await client.retention.findDryRun(dryRunId);
  const disposals: Disposal[] = [];
  for (let part = 1; part <= summary.parts; part += 1) {
    const records = await client.retention.partOf(dryRunId, part);
    const idempotencyKey = `${dryRunId}-${part}`;
    const batch = await client.disposals.draft({ ...order, records, idempotencyKey });
    disposals.push(await client.disposals.request(batch));
  }
  return disposals;
}
