import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError, optionalText, textOf } from '../command.ts';
import type { Command, Surroundings, Values } from '../command.ts';
import { BYTE_ORDER_MARK, csvText } from '@mnv/register-document';
import { RETENTION_OPTIONS, withPerson } from '../retention/retention-options.ts';
import { encodeShiftJis } from './encode-shift-jis.ts';
import { REGISTERS } from './register-rows.ts';
import type { Rows } from './register-rows.ts';

const NAMES = Object.keys(REGISTERS).join('|');
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const { json: _json, ...PERSON } = RETENTION_OPTIONS;

/** What auditors ask for, as a file for a spreadsheet. */
export const REGISTER: Command = {
  name: 'register',
  summary:
    '管理台帳・運用記録を CSV にする / write a register the guideline asks for (別添1 C-b, C-c).',
  details: [
    `KIND: ${NAMES} (管理台帳, 利用・出力, 削除・廃棄, 証明書, システム利用状況,`,
    '持ち運び, 委託先の証明, 提供拒否の経過). None holds a number.',
  ].join('\n'),
  positionals: ['KIND'],
  options: {
    ...PERSON,
    from: { type: 'string', value: 'DAY', help: 'First day (Tokyo).', required: true },
    to: { type: 'string', value: 'DAY', help: 'Last day, whole.', required: true },
    out: { type: 'string', value: 'FILE', help: 'The file to write.', required: true },
    encoding: {
      type: 'string',
      value: 'ENCODING',
      help: 'utf-8 (with BOM, default) or shift_jis.',
    },
    responsible: { type: 'string', value: 'NAME', help: '責任者, for 管理台帳.' },
    department: { type: 'string', value: 'NAME', help: '取扱部署, for 管理台帳.' },
  },
  run: async ({ values, positionals: [kind = ''] }, surroundings) => {
    const make = Object.hasOwn(REGISTERS, kind) ? REGISTERS[kind] : undefined;
    if (make === undefined) throw new UsageError(`Registers are ${NAMES}.`);
    const asked = {
      from: dayOf(values, 'from'),
      to: dayOf(values, 'to'),
      responsible: optionalText(values, 'responsible') ?? '',
      department: optionalText(values, 'department') ?? '',
    };
    const encode = encoderOf(values);
    const rows = await withPerson({ values, surroundings }, (client) => make(client, asked));
    await write(rows, encode, { values, surroundings });
    return 0;
  },
};

type Encode = (text: string) => { bytes: Buffer; replaced: number };

async function write(
  rows: Rows,
  encode: Encode,
  { values, surroundings }: { values: Values; surroundings: Surroundings },
): Promise<void> {
  const { bytes, replaced } = encode(csvText(rows));
  await writeFile(resolve(surroundings.workingDirectory, textOf(values, 'out')), bytes, {
    mode: 0o600,
  });
  surroundings.out(`行 / rows ${rows.length - 1}\n`);
  if (replaced > 0)
    surroundings.err(
      `〓 に置き換えた文字 / characters without a place in Shift_JIS: ${replaced}\n`,
    );
}

function encoderOf(values: Values): Encode {
  const asked = optionalText(values, 'encoding') ?? 'utf-8';
  if (asked === 'shift_jis') return encodeShiftJis;
  if (asked === 'utf-8')
    return (text) => ({ bytes: Buffer.from(BYTE_ORDER_MARK + text, 'utf8'), replaced: 0 });
  throw new UsageError('Encodings are utf-8, shift_jis.');
}

function dayOf(values: Values, name: string): string {
  const day = textOf(values, name);
  if (DAY.test(day)) return day;
  throw new UsageError(`--${name} is a day, YYYY-MM-DD.`);
}
