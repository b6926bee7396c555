import type { Client, NewHold, PlacedHold } from '@mnv/client';
import { optionalText, textOf } from '../command.ts';
import type { Command, Surroundings, Values } from '../command.ts';
import {
  RETENTION_OPTIONS,
  idOf,
  individualsOfFile,
  print,
  withPerson,
} from './retention-options.ts';
import { holdsInWords } from './retention-text.ts';

export const RETENTION_HOLD: Command = {
  name: 'retention hold',
  summary: '法的保全をかける / place a legal hold: nothing it covers is disposed of or purged.',
  details:
    'Of the people a file names, of a case (with --case), or of the whole tenant (without a file). Disposals under way are told, so that they stop as well.',
  options: {
    ...RETENTION_OPTIONS,
    individuals: { type: 'string', value: 'FILE', help: 'Keys of people, one a line.' },
    case: { type: 'string', value: 'CASE', help: 'The case the people belong to.' },
    reason: { type: 'string', value: 'TEXT', help: 'Why.', required: true },
    owner: { type: 'string', value: 'NAME', help: 'Who answers for it.', required: true },
    review: {
      type: 'string',
      value: 'DAY',
      help: 'When it is looked at again; within a year.',
      required: true,
    },
  },
  run: async ({ values }, surroundings) => {
    const hold = await holdOf(values, surroundings);
    const placed = await withPerson({ values, surroundings }, (client) => place(client, hold));
    print({ values, surroundings }, placed, () => placedInWords(placed));
    return placed.reported.every(({ reported }) => reported) ? 0 : 3;
  },
};

async function holdOf(values: Values, surroundings: Surroundings): Promise<NewHold> {
  const common = {
    reason: textOf(values, 'reason'),
    owner: textOf(values, 'owner'),
    reviewOn: textOf(values, 'review'),
  };
  const [file, caseId] = [optionalText(values, 'individuals'), optionalText(values, 'case')];
  if (file === undefined) return { scope: 'tenant', ...common };
  const individuals = await individualsOfFile(file, surroundings);
  return caseId === undefined
    ? { scope: 'individual', individuals, ...common }
    : { scope: 'case', caseId, individuals, ...common };
}

type Placed = PlacedHold & {
  reported: { disposalId: string; reported: boolean; problem?: string }[];
};

/** The hold stands before it is reported: a disposal that cannot be told is named, and stays refused here. */
async function place(client: Client, hold: NewHold): Promise<Placed> {
  const placed = await client.retention.placeHold(hold);
  const reported: Placed['reported'] = [];
  for (const batch of placed.disposals) {
    const { disposalId } = batch;
    const problem = await client.disposals.hold(batch).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : 'unknown'),
    );
    reported.push({ disposalId, reported: problem === undefined, ...(problem && { problem }) });
  }
  return { ...placed, reported };
}

function placedInWords({ holdId, covered, erased, copiesKept, reported }: Placed): string {
  return [
    `法的保全をかけました / held: ${holdId}`,
    `対象 / covers ${covered}${erased > 0 ? `、手遅れ / too late for ${erased}` : ''}`,
    copiesKept
      ? '本人確認書類の写しも保存します / copies of identity documents are kept too'
      : '写しの保存は金庫に未通知（再送中） / the vault is not told yet to keep the copies of identity documents; it will be',
    ...reported.map(
      (one) =>
        `廃棄 / disposal ${one.disposalId}: ` +
        (one.reported ? '保全を通知 / told' : `通知できず / not told: ${one.problem ?? ''}`),
    ),
    '',
  ].join('\n');
}

export const RETENTION_LIFT: Command = {
  name: 'retention lift',
  summary: '法的保全を解除する / lift a legal hold.',
  positionals: ['HOLD'],
  options: {
    ...RETENTION_OPTIONS,
    reason: { type: 'string', value: 'TEXT', help: 'Why.', required: true },
  },
  run: async ({ values, positionals }, surroundings) => {
    const holdId = idOf(positionals, 'A hold');
    await withPerson({ values, surroundings }, (client) =>
      client.retention.liftHold(holdId, textOf(values, 'reason')),
    );
    print({ values, surroundings }, { holdId }, () => '解除しました / lifted\n');
    return 0;
  },
};

export const RETENTION_HOLDS: Command = {
  name: 'retention holds',
  summary: '法的保全の一覧 / list the legal holds.',
  options: RETENTION_OPTIONS,
  run: async ({ values }, surroundings) => {
    const holds = await withPerson({ values, surroundings }, (client) => client.retention.holds());
    print({ values, surroundings }, { holds }, () => holdsInWords(holds));
    return 0;
  },
};
