import { resolve } from 'node:path';
import { textOf } from '../command.ts';
import type { Command, OptionSpec } from '../command.ts';
import { table } from '../table.ts';
import { lawOf } from './retention-law.commands.ts';
import { RETENTION_OPTIONS, idOf, print, withPerson } from './retention-options.ts';

const DIGEST_OPTION = { type: 'string', value: 'DIGEST', required: true } as const;

export const LAW_LOAD: Command = {
  name: 'law load',
  summary: '法令表の新しい版を読み込む / load another version of the law table.',
  details:
    'Nothing is computed by it until two people have signed it off (law propose, law confirm).',
  positionals: ['FILE'],
  options: RETENTION_OPTIONS,
  run: async ({ values, positionals: [file = ''] }, surroundings) => {
    const law = await lawOf(resolve(surroundings.workingDirectory, file));
    const loaded = await withPerson({ values, surroundings }, (client) =>
      client.retention.loadLaw(law),
    );
    print({ values, surroundings }, loaded, () =>
      [
        `読み込みました / loaded: ${loaded.version} ${loaded.digest}`,
        '次に試算します / next, simulate:',
        `  mynumber retention simulate ${loaded.digest} --tenant … --as …`,
        '',
      ].join('\n'),
    );
    return 0;
  },
};

export const LAW_LIST: Command = {
  name: 'law list',
  summary: '法令表の版と採用の記録 / the versions there are, and which were signed off.',
  options: RETENTION_OPTIONS,
  run: async ({ values }, surroundings) => {
    const found = await withPerson({ values, surroundings }, async (client) => ({
      ...(await client.retention.lawTables()),
      adoptions: await client.retention.lawAdoptions(),
    }));
    print({ values, surroundings }, found, () =>
      [
        table(
          ['版 / version', '使用中 / in use', '出所 / source', 'digest'],
          found.tables.map(({ version, source, digest }) => [
            version,
            digest === found.inUse ? '*' : '',
            source,
            digest,
          ]),
        ),
        table(
          ['採用 / adoption', '版', '使用開始 / from', '提案', '確認'],
          found.adoptions.map((one) => [
            one.adoptionId,
            one.version,
            one.effectiveOn ?? `(${one.from})`,
            one.proposedBy ?? '-',
            one.confirmedBy ?? '-',
          ]),
        ),
      ].join('\n'),
    );
    return 0;
  },
};

export const LAW_PROPOSE: Command = {
  name: 'law propose',
  summary:
    '試算した版の採用を提案する（一人目） / propose a simulated version, as the first of two.',
  positionals: ['SIMULATION'],
  options: {
    ...RETENTION_OPTIONS,
    from: { type: 'string', value: 'DAY', help: 'First day it is in use.', required: true },
    reason: { type: 'string', value: 'TEXT', help: 'Why, for whoever confirms.', required: true },
  },
  run: async ({ values, positionals }, surroundings) => {
    const proposal = {
      simulationId: idOf(positionals, 'A simulation'),
      from: textOf(values, 'from'),
      reason: textOf(values, 'reason'),
    };
    const adoptionId = await withPerson({ values, surroundings }, (client) =>
      client.retention.proposeLaw(proposal),
    );
    print(
      { values, surroundings },
      { adoptionId },
      () => `提案しました / proposed: ${adoptionId}\n`,
    );
    return 0;
  },
};

export const LAW_CONFIRM: Command = {
  name: 'law confirm',
  summary: '採用を確認する（二人目） / sign it off, as the second of two.',
  positionals: ['ADOPTION'],
  options: {
    ...RETENTION_OPTIONS,
    table: { ...DIGEST_OPTION, help: 'Digest of the table you looked at.' } satisfies OptionSpec,
    simulation: {
      ...DIGEST_OPTION,
      help: 'Digest of the simulation you looked at.',
    } satisfies OptionSpec,
  },
  run: async ({ values, positionals }, surroundings) => {
    const adoptionId = idOf(positionals, 'An adoption');
    const signed = { table: textOf(values, 'table'), simulation: textOf(values, 'simulation') };
    await withPerson({ values, surroundings }, (client) =>
      client.retention.confirmLaw(adoptionId, signed),
    );
    print({ values, surroundings }, { adoptionId }, () => '採用しました / signed off\n');
    return 0;
  },
};
