import { findPurpose, isLegalDay } from '@mnv/bango-ho';
import type { NewRecord } from '@mnv/client';
import {
  CHANNELS,
  IDENTITY_CHECKS,
  IndividualNumber,
  NUMBER_CHECKS,
  SUBJECTS,
  isIndividualRef,
} from '@mnv/core';
import { cellsByColumn } from './import-columns.ts';
import type { ColumnOrder, ImportColumn } from './import-columns.ts';

/** Why a row was not taken. Says which cell, never what is in it. */
export type Reject = { code: string; reason: string };

type Cells = Record<ImportColumn, string>;
type Rule = { code: string; reason: string; holds: (cells: Cells) => boolean };

const isOneOf = (list: readonly string[], text: string) => list.includes(text);

/** In the order in which they are told; the first that fails is the reason. */
const RULES: readonly Rule[] = [
  rule(
    'individualRef',
    '1〜64文字・NFC・番号でないこと / 1 to 64 characters, NFC, not a number',
    (cells) => isIndividualRef(cells.individualRef),
  ),
  rule('subject', `${SUBJECTS.join(' ')} のいずれか / one of these`, (cells) =>
    isOneOf(SUBJECTS, cells.subject),
  ),
  rule(
    'relatedRef',
    '関係者の参照が不正 / not a reference',
    (cells) => cells.relatedRef === '' || isIndividualRef(cells.relatedRef),
  ),
  {
    code: 'individual-number-invalid',
    reason: '個人番号が不正（半角12桁・検査用数字） / not 12 ASCII digits with a right check digit',
    holds: (cells) => IndividualNumber.parse(cells.individualNumber) !== undefined,
  },
  {
    code: 'purpose-unknown',
    reason: '利用目的コードが一覧にない / a purpose code is not on the list',
    holds: (cells) => cells.purposes.split('|').every((code) => findPurpose(code) !== undefined),
  },
  rule('numberCheck', 'N1〜N7', (cells) => isOneOf(NUMBER_CHECKS, cells.numberCheck)),
  rule('identityCheck', 'I1〜I6', (cells) => isOneOf(IDENTITY_CHECKS, cells.identityCheck)),
  rule('channel', CHANNELS.join(' '), (cells) => isOneOf(CHANNELS, cells.channel)),
  rule('verifiedOn', 'YYYY-MM-DD', (cells) => isLegalDay(cells.verifiedOn)),
  rule('noticeVersion', '空欄不可 / not empty', (cells) => cells.noticeVersion !== ''),
];

/** A record from a row, or why not. The vault judges again; this only saves a journey. */
export function recordFromRow(
  order: ColumnOrder,
  cells: readonly string[],
  verifiedBy: string,
): NewRecord | Reject {
  const byColumn = cellsByColumn(order, cells);
  if (byColumn === undefined) {
    return {
      code: 'invalid-request',
      reason: '列数が見出しと違う / other number of cells than the header',
    };
  }
  const failed = RULES.find(({ holds }) => !holds(byColumn));
  if (failed) return { code: failed.code, reason: failed.reason };
  return recordOf(byColumn, verifiedBy);
}

export function isReject(row: NewRecord | Reject): row is Reject {
  return 'code' in row;
}

function rule(column: ImportColumn, wanted: string, holds: Rule['holds']): Rule {
  return { code: 'invalid-request', reason: `${column}: ${wanted}`, holds };
}

function recordOf(cells: Cells, verifiedBy: string): NewRecord {
  const { individualRef, relatedRef, individualNumber, purposes, verifiedOn, noticeVersion } =
    cells;
  const verification = {
    numberCheck: cells.numberCheck,
    identityCheck: cells.identityCheck,
    channel: cells.channel,
    verifiedBy,
    verifiedOn,
  } as NewRecord['verification'];
  return {
    individualRef,
    subject: cells.subject as NewRecord['subject'],
    ...(relatedRef === '' ? {} : { relatedRef }),
    individualNumber,
    purposes: purposes.split('|'),
    verification,
    noticeVersion,
  };
}
