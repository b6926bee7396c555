import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Client, LawSimulation, SimulationResult } from '@mnv/client';
import { CommandError } from '../command.ts';
import type { Command, Surroundings } from '../command.ts';
import { table } from '../table.ts';
import { RETENTION_OPTIONS, print, withPerson } from './retention-options.ts';

const { json: _json, ...PERSON } = RETENTION_OPTIONS;
const DIGEST = /^[A-Za-z0-9_-]{43}$/;

export const RETENTION_LAW: Command = {
  name: 'retention law',
  summary: '使用中の法令表を JSON で出す / print the law table in use, to be changed and tried.',
  options: PERSON,
  run: async ({ values }, surroundings) => {
    const law = await withPerson({ values, surroundings }, (client) => client.retention.law());
    surroundings.out(`${JSON.stringify(law, undefined, 2)}\n`);
    return 0;
  },
};

export const RETENTION_SIMULATE: Command = {
  name: 'retention simulate',
  summary: '法令表の改正を試算する / show what another version of the law table would do.',
  details: [
    'TABLE is a file as retention law prints it, or the digest of a loaded one (law load). Nothing is changed by',
    'it; of a loaded table the result is kept, so that two people can sign it (law propose, law confirm).',
  ].join('\n'),
  positionals: ['TABLE'],
  options: RETENTION_OPTIONS,
  run: async ({ values, positionals: [table = ''] }, surroundings) => {
    const law = DIGEST.test(table)
      ? table
      : await lawOf(resolve(surroundings.workingDirectory, table));
    const result = await withPerson({ values, surroundings }, (client) =>
      simulate(client, law, surroundings),
    );
    print({ values, surroundings }, { ...result.simulation, ...namesOf(result) }, () =>
      [inWords(result.simulation), ...nextSteps(result)].join('\n'),
    );
    return 0;
  },
};

function namesOf({ simulation: _simulation, ...names }: SimulationResult): object {
  return names;
}

/** How two people go on from a kept result. */
function nextSteps({
  simulationId,
  table: digest,
  digest: simulation,
}: SimulationResult): string[] {
  if (simulationId === undefined) return [];
  return [
    `試算 / simulation ${simulationId}`,
    '次に、一人が採用を提案し、別の一人が確認します / next, one person proposes and another confirms:',
    `  mynumber law propose ${simulationId} --from DAY --reason TEXT …`,
    `  mynumber law confirm ADOPTION --table ${digest} --simulation ${simulation} …`,
    '',
  ];
}

/** A table in a file. Throws CommandError. */
export async function lawOf(file: string): Promise<object> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as object;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CommandError('The file is not JSON.');
  }
}

async function simulate(
  client: Client,
  law: object | string,
  { err, errIsTerminal }: Surroundings,
): Promise<SimulationResult> {
  for await (const line of client.retention.simulateLaw(law)) {
    if ('simulation' in line) return line;
    if (errIsTerminal) err(`\r${line.progress.done} / ${line.progress.of}`);
  }
  throw new CommandError('The simulation ended without a result.');
}

function inWords(simulation: LawSimulation): string {
  const { examples, ...counts } = simulation;
  const heads = ['項目 / what', '件数'];
  const names: Record<keyof typeof counts, string> = {
    records: '対象 / records',
    unchanged: '変わらない / unchanged',
    earlier: '早まる / earlier',
    later: '延びる / later',
    dueByIt: '新たに廃棄対象 / due by it',
    dueNoMore: '廃棄対象でなくなる / due no more',
    notComputable: '計算できない（残す） / not computable, kept',
  };
  const rows = Object.entries(names).map(([name, words]) => [
    words,
    String(counts[name as keyof typeof counts]),
  ]);
  const moved = examples.map(({ recordId, from, to }) => [recordId, from ?? '-', to ?? '-']);
  return moved.length === 0
    ? table(heads, rows)
    : `${table(heads, rows)}\n${table(['例 / example', '現在 / now', '改正後 / then'], moved)}`;
}
