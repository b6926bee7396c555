import { resolve } from 'node:path';
import { CommandError, UsageError, optionalText, textOf } from './command.ts';
import type { Command, Values } from './command.ts';
import { connect, credentialsOf } from './connect.ts';
import { PERSON_OPTIONS, TENANT_OPTION } from './connection-options.ts';
import { readEndpoints } from './endpoints.ts';
import { importFile } from './import-file.ts';
import type { ImportJob, ImportSummary } from './import-file.ts';
import { IMPORT_COLUMNS } from './import-columns.ts';
import { makePreparationMeter, makeProgressMeter } from './import-progress.ts';
import type { Progress } from './import-progress.ts';

const ENCODINGS = ['utf-8', 'shift_jis', 'auto'] as const;

/** The way in for the numbers a company already holds. */
export const IMPORT: Command = {
  name: 'import',
  summary: 'Store the numbers of a CSV file. Run it again to go on after a stop.',
  details: [
    `The first line is ${IMPORT_COLUMNS.join(',')}`,
    'in any order; purposes are codes joined by |. Beside FILE the program keeps FILE.import-state.json (how far it',
    'has come; no number), FILE.rejects.csv (rows not taken) and FILE.warnings.csv (rows taken whose number the',
    'tenant holds for another person too): line, code and reason, nothing of the rows.',
    'Delete FILE when all is stored: it holds the numbers in clear.',
  ].join('\n'),
  positionals: ['FILE'],
  options: {
    ...PERSON_OPTIONS,
    tenant: TENANT_OPTION,
    encoding: { type: 'string', value: 'ENCODING', help: 'utf-8, shift_jis or auto (default).' },
    json: { type: 'boolean', help: 'Print the summary as JSON.' },
  },
  run: async ({ values, positionals: [file = ''] }, surroundings) => {
    const { workingDirectory, out } = surroundings;
    const { endpoints } = await readEndpoints(optionalText(values, 'endpoints'), workingDirectory);
    const [as, tenant] = [textOf(values, 'as'), textOf(values, 'tenant')];
    const actor = {
      as,
      client: optionalText(values, 'client'),
      tenant,
      scopes: ['number:write'] as const,
    };
    const { person } = await credentialsOf(endpoints, actor);
    if (person === undefined)
      throw new CommandError('An import needs the operator who verified the numbers (--as).');
    const meter = makeProgressMeter(surroundings);
    const preparing = makePreparationMeter(surroundings);
    let latest: Progress | undefined;
    const client = await connect(endpoints, actor);
    try {
      const summary = await importFile({
        file: resolve(workingDirectory, file),
        encoding: encodingOf(values),
        proxyOrigin: endpoints.services.proxy,
        verifiedBy: person.sub,
        client,
        onPreparing: (progress) => preparing.show(progress),
        onProgress: (progress) => meter.show((latest = progress)),
      });
      out(values['json'] === true ? `${JSON.stringify(summary)}\n` : inWords(summary));
      return summary.rejected > 0 ? 3 : 0;
    } finally {
      if (latest) meter.end(latest);
      await client.close();
    }
  },
};

function encodingOf(values: Values): ImportJob['encoding'] {
  const asked = optionalText(values, 'encoding') ?? 'auto';
  const encoding = ENCODINGS.find((one) => one === asked);
  if (encoding === undefined) throw new UsageError(`Encodings are ${ENCODINGS.join(', ')}.`);
  return encoding;
}

function inWords(summary: ImportSummary): string {
  const { rows, stored, rejected, rejectsFile, resumedAt, alreadyDone } = summary;
  const { warned, warningsFile, notCompared } = summary;
  const lines = [
    ...(alreadyDone
      ? [
          '取込み済み、今回は送信なし / imported before, nothing was sent (put other rows into a new file)',
        ]
      : []),
    ...(resumedAt > 0 && !alreadyDone ? [`続き / resumed after ${resumedAt}`] : []),
    `行 / rows ${rows}, 登録 / stored ${stored}, 不受理 / rejected ${rejected}`,
    ...(rejected > 0 ? [`不受理の一覧 / rejects: ${rejectsFile}`] : []),
    ...(warned > 0
      ? [`重複の警告 / held for another person too ${warned}, 一覧 / list: ${warningsFile}`]
      : []),
    ...(notCompared > 0
      ? [`重複を確認せず登録 / stored without being compared ${notCompared}`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}
