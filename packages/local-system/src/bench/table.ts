import type { BenchRow } from './measurement.ts';

const HEADINGS = ['row', 'figure', 'range', 'p50/p95/p99 ms', 'baseline', 'ratio', 'target', ''];

/** All rows as one table for the screen. */
export function tableOf(rows: readonly BenchRow[]): string {
  const lines = [HEADINGS, ...rows.flatMap((row) => cellsOf(row))];
  const widths = HEADINGS.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** One line for the row and its first baseline and target, more for further ones. */
export function cellsOf(row: BenchRow): string[][] {
  const { compared = [], targets = [] } = row;
  const count = Math.max(1, compared.length, targets.length);
  return Array.from({ length: count }, (_, at) => {
    const baseline = compared[at];
    const target = targets[at];
    return [
      ...(at === 0 ? figureCells(row) : ['', '', '', '']),
      baseline ? `${numberText(baseline.baseline)} (${baseline.against})` : '',
      baseline
        ? `${ratioText(baseline.ratio)} (${baseline.ratioRange.map(ratioText).join('–')})`
        : '',
      target?.text ?? '',
      target ? (target.met ? 'met' : 'NOT MET') : '',
    ];
  });
}

function figureCells({ bench, metric, value, unit, valueRange, latencyMs }: BenchRow): string[] {
  const { p50, p95, p99 } = latencyMs ?? {};
  return [
    `${bench} ${metric}`,
    `${numberText(value)} ${unit}`,
    valueRange?.map(numberText).join('–') ?? '',
    [p50, p95, p99]
      .map((one) => (one === undefined ? '' : one.toFixed(1)))
      .join('/')
      .replace(/^\/\/$/, ''),
  ];
}

/** Three digits that mean something, more before the point. */
export function numberText(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

export function ratioText(value: number): string {
  return value.toFixed(2);
}
