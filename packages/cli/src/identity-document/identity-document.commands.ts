import { readFile, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MAX_DOCUMENT_BYTES } from '@mnv/core';
import { CommandError, UsageError, optionalText, textOf } from '../command.ts';
import type { Command } from '../command.ts';
import {
  DOCUMENT_OPTIONS,
  RECORD_OPTION,
  documentTable,
  idOf,
  withDocuments,
} from './document-options.ts';

/** A file goes in; it stays where it was, and whoever has it has to destroy it. */
export const IDENTITY_DOCUMENT_ADD: Command = {
  name: 'identity-document add',
  summary: '本人確認書類の写しを保管する / keep a copy of an identity document with its record.',
  details: [
    'A JPEG, PNG or PDF of at most 5 MiB. It is purged when its days are over (30 after the verification, or',
    'fewer where the tenant says so): a rule of this product, not a period of law. The file itself is not touched.',
  ].join('\n'),
  positionals: ['FILE'],
  options: {
    ...DOCUMENT_OPTIONS,
    record: RECORD_OPTION,
    check: { type: 'string', value: 'CODE', help: 'N1 to N7, I1 to I6.', required: true },
    verified: { type: 'string', value: 'DAY', help: 'The day of the verification; else today.' },
  },
  run: async ({ values, positionals: [file = ''] }, surroundings) => {
    const recordId = idOf(values, 'record');
    const content = await contentOf(resolve(surroundings.workingDirectory, file));
    const check = textOf(values, 'check');
    const verifiedOn = optionalText(values, 'verified');
    const document = { recordId, check, content, ...(verifiedOn !== undefined && { verifiedOn }) };
    const kept = await withDocuments({ values, surroundings }, ['number:write'], (documents) =>
      documents.add(document),
    );
    surroundings.out(values['json'] === true ? `${JSON.stringify(kept)}\n` : documentTable([kept]));
    return 0;
  },
};

export const IDENTITY_DOCUMENT_LIST: Command = {
  name: 'identity-document list',
  summary: '写しの一覧 / list the copies of a record, the purged too.',
  options: { ...DOCUMENT_OPTIONS, record: RECORD_OPTION },
  run: async ({ values }, surroundings) => {
    const recordId = idOf(values, 'record');
    const found = await withDocuments({ values, surroundings }, ['record:read'], (documents) =>
      documents.list(recordId),
    );
    const text = `${JSON.stringify({ documents: found })}\n`;
    surroundings.out(values['json'] === true ? text : documentTable(found));
    return 0;
  },
};

/** Into a file that is not there yet, for its owner alone; never onto a terminal. */
export const IDENTITY_DOCUMENT_SHOW: Command = {
  name: 'identity-document show',
  summary: '写しを取り出す / disclose a copy into a file, under an entry of the access log.',
  options: {
    ...DOCUMENT_OPTIONS,
    record: RECORD_OPTION,
    document: { type: 'string', value: 'COPY', help: 'Which copy.', required: true },
    purpose: {
      type: 'string',
      value: 'CODE',
      help: 'For which purpose the individual was verified.',
      required: true,
    },
    case: { type: 'string', value: 'CASE', help: 'The occasion.', required: true },
    out: { type: 'string', value: 'FILE', help: 'The file to write; a new one.', required: true },
  },
  run: async ({ values }, surroundings) => {
    const [recordId, documentId] = [idOf(values, 'record'), idOf(values, 'document')];
    const [purpose, caseId] = [textOf(values, 'purpose'), textOf(values, 'case')];
    const out = resolve(surroundings.workingDirectory, textOf(values, 'out'));
    await requireNew(out);
    const ask = { recordId, documentId, purpose, caseId };
    const copy = await withDocuments({ values, surroundings }, ['number:read'], (documents) =>
      documents.disclose(ask),
    );
    await writeFile(out, copy.content, { mode: 0o600, flag: 'wx' });
    const { mediaType, requestId, receipt } = copy;
    const shown = { recordId, documentId, mediaType, requestId, receipt };
    surroundings.out(
      values['json'] === true
        ? `${JSON.stringify(shown)}\n`
        : `${mediaType}, 記録番号 / entries ${receipt.first}–${receipt.first + receipt.n - 1}\n`,
    );
    return 0;
  },
};

export const IDENTITY_DOCUMENT_PERIOD: Command = {
  name: 'identity-document period',
  summary: '写しの保存日数 / show or set how many days copies are kept.',
  options: {
    ...DOCUMENT_OPTIONS,
    days: { type: 'string', value: 'N', help: 'Keep them so many days from now on, old ones too.' },
  },
  run: async ({ values }, surroundings) => {
    const days = optionalText(values, 'days');
    if (days !== undefined && !/^[1-9][0-9]{0,2}$/.test(days))
      throw new UsageError('--days is a number of days.');
    const scope = days === undefined ? 'record:read' : 'disposal:request';
    const period = await withDocuments({ values, surroundings }, [scope], (documents) =>
      days === undefined ? documents.period() : documents.setPeriod(Number(days)),
    );
    const { keepDays, maximumDays, rule, citation, doubt } = period;
    surroundings.out(
      values['json'] === true
        ? `${JSON.stringify(period)}\n`
        : `${keepDays} 日 / days (≤ ${maximumDays}; ${rule}, ${citation}; ${doubt ?? ''})\n`,
    );
    return 0;
  },
};

async function contentOf(file: string): Promise<Buffer> {
  const { size } = await stat(file).catch(() => ({ size: -1 }));
  if (size < 0) throw new CommandError('The file cannot be read.');
  if (size > MAX_DOCUMENT_BYTES)
    throw new CommandError(`A copy has at most ${MAX_DOCUMENT_BYTES} bytes.`);
  return readFile(file);
}

async function requireNew(file: string): Promise<void> {
  if (await stat(file).catch(() => undefined))
    throw new CommandError('The file to write is there already.');
}
