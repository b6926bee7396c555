import { findPurpose } from '@mnv/bango-ho';
import type { AccessReport, AccessReportRow } from '@mnv/client';
import { NO_OUTCOME, accessesOf } from './accesses.ts';
import { BYTE_ORDER_MARK, csvText } from '@mnv/register-document';
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
  [NO_OUTCOME]: '結果の記録なし（交付の可能性あり）',
  allow: '許可',
};

/** The report on a screen: who, what, why, when, with what result. Japanese first. */
export function reportTable({ rows, summary }: AccessReport): string {
  const heads = [
    '日時 / when (JST)',
    '担当者 / who',
    '操作 / what',
    '数 / count',
    '事務 / purpose',
    '件 / case',
    '記録 / record',
    '結果 / result',
  ];
  const accesses = accessesOf(rows);
  const cells = accesses.map((row) => [
    inTokyo(row.at),
    row.who,
    row.operation,
    String(row.count),
    row.purpose,
    row.case,
    row.record,
    resultOf(row),
  ]);
  const refused = Object.values(summary.refused).reduce((sum, count) => sum + count, 0);
  const totals = [
    `${accesses.length} 件 / accesses`,
    `交付 / delivered ${summary.delivered}`,
    `拒否 / refused ${refused}`,
    `結果の記録がない要求 / requests without an outcome ${summary.withoutOutcome}`,
  ];
  return `${table(heads, cells)}${totals.join(', ')}\n`;
}

/** The report for a spreadsheet: UTF-8 with BOM, nothing in it runs as a formula. */
export function reportCsv({ rows }: AccessReport): string {
  const heads = [
    '日時(日本時間) / when (JST)',
    '日時(UTC) / when (UTC)',
    '担当者 / who',
    'システム / through',
    '操作 / what',
    '数 / count',
    '事務コード / purpose',
    '事務 / purpose name',
    '件 / case',
    '記録 / record',
    '結果 / result',
    '要求 / request',
    '記録番号 / log index',
  ];
  const cells = accessesOf(rows).map((row) => [
    inTokyo(row.at),
    row.at,
    row.who,
    row.onBehalf,
    row.operation,
    String(row.count),
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
