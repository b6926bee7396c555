import { resolve } from 'node:path';
import type { RegisterKind } from '@mnv/client';
import { REGISTER_KINDS } from '@mnv/client';
import { replaceFile } from '@mnv/durable-files';
import { UsageError, optionalText, textOf } from '../command.ts';
import type { Command, Surroundings, Values } from '../command.ts';
import { RETENTION_OPTIONS, withPerson } from '../retention/retention-options.ts';
import { inShiftJis } from './in-shift-jis.ts';

const NAMES = REGISTER_KINDS.join('|');
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const { json: _json, ...PERSON } = RETENTION_OPTIONS;

/** What auditors ask for, as a file for a spreadsheet or for paper. */
export const REGISTER: Command = {
  name: 'register',
  summary:
    '管理台帳・運用記録を CSV・PDF にする / write a register the guideline asks for (別添1 C-b, C-c).',
  details: [
    `KIND: ${NAMES}`,
    '(管理台帳, 担当者名簿, 削除・廃棄, 証明書, 持ち運び, 委託先の証明, 提供拒否の経過, 利用・出力, システム利用状況).',
    'Give --out, --pdf, or both. None holds a number.',
  ].join('\n'),
  positionals: ['KIND'],
  options: {
    ...PERSON,
    from: { type: 'string', value: 'DAY', help: 'First day (Tokyo).', required: true },
    to: { type: 'string', value: 'DAY', help: 'Last day, whole.', required: true },
    out: { type: 'string', value: 'FILE', help: 'The file to write for a spreadsheet (CSV).' },
    encoding: {
      type: 'string',
      value: 'ENCODING',
      help: 'Of the CSV: utf-8 (with BOM, default) or shift_jis.',
    },
    pdf: { type: 'string', value: 'FILE', help: 'The file to write for paper (PDF, A4).' },
    responsible: { type: 'string', value: 'NAME', help: '責任者, for 管理台帳.' },
    department: { type: 'string', value: 'NAME', help: '取扱部署, for 管理台帳.' },
  },
  run: async ({ values, positionals: [kind = ''] }, surroundings) => {
    const asked = askedOf(kind, values);
    const encoding = encodingOf(values);
    const [csv, pdf] = [optionalText(values, 'out'), optionalText(values, 'pdf')];
    if (csv === undefined && pdf === undefined)
      throw new UsageError('Say where to write: --out FILE (CSV), --pdf FILE.');
    const place = (file: string) => resolve(surroundings.workingDirectory, file);
    await withPerson({ values, surroundings }, async (client) => {
      if (csv !== undefined) {
        const parts = client.exportRegister({ ...asked, format: 'text/csv' });
        const content = encoding === 'utf-8' ? parts : await transcoded(parts, surroundings);
        await replaceFile(place(csv), content, 0o600);
      }
      if (pdf !== undefined) {
        const parts = client.exportRegister({ ...asked, format: 'application/pdf' });
        await replaceFile(place(pdf), parts, 0o600);
      }
    });
    surroundings.out('書き出しました / written\n');
    return 0;
  },
};

function askedOf(kind: string, values: Values) {
  if (!isRegister(kind)) throw new UsageError(`Registers are ${NAMES}.`);
  const period = { kind, from: dayOf(values, 'from'), to: dayOf(values, 'to') };
  const [responsible, department] = ['responsible', 'department'].map((name) =>
    optionalText(values, name),
  );
  if (kind !== 'files' && (responsible ?? department) !== undefined)
    throw new UsageError('--responsible and --department are for files.');
  return {
    ...period,
    ...(responsible !== undefined && { responsible }),
    ...(department !== undefined && { department }),
  };
}

function isRegister(kind: string): kind is RegisterKind {
  return REGISTER_KINDS.some((one) => one === kind);
}

async function transcoded(
  parts: AsyncIterable<Uint8Array>,
  { err }: Pick<Surroundings, 'err'>,
): Promise<Buffer> {
  const { bytes, replaced } = await inShiftJis(parts);
  if (replaced > 0)
    err(`〓 に置き換えた文字 / characters without a place in Shift_JIS: ${replaced}\n`);
  return bytes;
}

function encodingOf(values: Values): 'utf-8' | 'shift_jis' {
  const asked = optionalText(values, 'encoding') ?? 'utf-8';
  if (asked === 'utf-8' || asked === 'shift_jis') return asked;
  throw new UsageError('Encodings are utf-8, shift_jis.');
}

function dayOf(values: Values, name: string): string {
  const day = textOf(values, name);
  if (DAY.test(day)) return day;
  throw new UsageError(`--${name} is a day, YYYY-MM-DD.`);
}
