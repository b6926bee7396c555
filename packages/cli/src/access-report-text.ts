import { findPurpose } from '@mnv/bango-ho';
import type { AccessReportRow } from '@mnv/client';
import { BYTE_ORDER_MARK, csvText } from './csv-text.ts';
import { table } from './table.ts';

const TOKYO = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

const RESULTS: Record<string, string> = {
  delivered: '交付',
  failed: '失敗',
  unknown: '不明（交付の可能性あり）',
  allow: '許可',
};

/** The report on a screen: who, what, why, when, with what result. Japanese first. */
export function reportTable(rows: readonly AccessReportRow[]): string {
  const heads = [
    '日時 / when (JST)',
    '担当者 / who',
    '操作 / what',
    '事務 / purpose',
    '件 / case',
    '記録 / record',
    '結果 / result',
  ];
  const cells = rows.map((row) => [
    inTokyo(row.at),
    row.who,
    row.operation,
    row.purpose,
    row.case,
    row.record,
    resultOf(row),
  ]);
  return `${table(heads, cells)}${rows.length} 件 / accesses\n`;
}

/** The report for a spreadsheet: UTF-8 with BOM, nothing in it runs as a formula. */
export function reportCsv(rows: readonly AccessReportRow[]): string {
  const heads = [
    '日時(日本時間) / when (JST)',
    '日時(UTC) / when (UTC)',
    '担当者 / who',
    'システム / through',
    '操作 / what',
    '事務コード / purpose',
    '事務 / purpose name',
    '件 / case',
    '記録 / record',
    '結果 / result',
    '要求 / request',
    '記録番号 / log index',
  ];
  const cells = rows.map((row) => [
    inTokyo(row.at),
    row.at,
    row.who,
    row.onBehalf,
    row.operation,
    row.purpose,
    findPurpose(row.purpose)?.nameJa ?? '',
    row.case,
    row.record,
    resultOf(row),
    row.requestId,
    String(row.index),
  ]);
  return BYTE_ORDER_MARK + csvText([heads, ...cells]);
}

function inTokyo(at: string): string {
  const instant = Date.parse(at);
  return Number.isNaN(instant) ? at : TOKYO.format(instant);
}

function resultOf({ result }: AccessReportRow): string {
  const japanese = result.startsWith('deny') ? '拒否' : RESULTS[result];
  return japanese === undefined ? result : `${japanese} / ${result}`;
}
