import { writeFileSync } from 'node:fs';
import { type Arguments, type RowName, readArguments, USAGE } from './bench/arguments.ts';
import { adminDsn } from './bench/baseline-database.ts';
import type { BenchOrder } from './bench/bench-order.ts';
import { describeMachine } from './bench/machine.ts';
import type { BenchRow } from './bench/measurement.ts';
import { performanceDocument } from './bench/performance-document.ts';
import { benchCertificate } from './bench/rows/certificate.ts';
import { benchDisclose } from './bench/rows/disclose.ts';
import { benchErasure } from './bench/rows/erasure.ts';
import { benchImport } from './bench/rows/import.ts';
import { benchLog } from './bench/rows/log.ts';
import { benchMemory } from './bench/rows/memory.ts';
import { benchOpen } from './bench/rows/open.ts';
import { benchRetention } from './bench/rows/retention.ts';
import { benchStart } from './bench/rows/start.ts';
import { FULL, QUICK } from './bench/sizes.ts';
import { tableOf } from './bench/table.ts';
import { createWorld, type World } from './bench/world.ts';

const DOCUMENT = new URL('../../../docs/performance.md', import.meta.url).pathname;

const ROWS: Record<RowName, (order: BenchOrder) => Promise<BenchRow[]>> = {
  start: benchStart,
  import: benchImport,
  disclose: benchDisclose,
  log: benchLog,
  open: benchOpen,
  erasure: benchErasure,
  certificate: benchCertificate,
  retention: benchRetention,
  memory: benchMemory,
};

const say = (line: string) => void process.stderr.write(`${line}\n`);

async function run(given: Arguments, signal: AbortSignal): Promise<void> {
  const sizes = given.quick ? QUICK : FULL;
  let world: Promise<World> | undefined;
  const order: BenchOrder = {
    world: () => (world ??= createWorld({ say, signal })),
    sizes,
    large: given.large,
    say,
    signal,
  };
  try {
    const rows: BenchRow[] = [];
    for (const name of given.rows) {
      signal.throwIfAborted();
      rows.push(...(await ROWS[name](order)));
    }
    report(given, rows);
    if (given.document) await writeDocument(order, rows);
  } finally {
    await (await world)?.stop();
  }
}

function report({ json }: Arguments, rows: readonly BenchRow[]): void {
  const lines = rows.map((row) => `${JSON.stringify(jsonOf(row))}\n`).join('');
  if (json === 'stdout') process.stdout.write(lines);
  else if (json !== undefined) writeFileSync(json.file, lines);
  (json === 'stdout' ? process.stderr : process.stdout).write(tableOf(rows));
}

/** The members every reader of the result may rely on, and then the details. */
function jsonOf({ bench, metric, n, value, unit, ...details }: BenchRow): object {
  const [first] = details.compared ?? [];
  const compared = first && { baseline: first.baseline, ratio: first.ratio };
  return { bench, metric, n, value, unit, ...compared, ...details };
}

async function writeDocument(order: BenchOrder, rows: readonly BenchRow[]): Promise<void> {
  const { system } = await order.world();
  const machine = await describeMachine(adminDsn(system.endpoints, 'postgres'));
  writeFileSync(DOCUMENT, performanceDocument({ machine, sizes: order.sizes, rows }));
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => stop.abort(new Error('the run was stopped')));
}
try {
  await run(readArguments(process.argv.slice(2)), stop.signal);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 1;
}
