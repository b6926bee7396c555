import type { Machine } from './machine.ts';
import type { BenchRow, Latency, Range } from './measurement.ts';
import type { Sizes } from './sizes.ts';
import { numberText, ratioText } from './table.ts';

export type PerformanceRun = { machine: Machine; sizes: Sizes; rows: readonly BenchRow[] };

const METHOD = `\`npm run bench -- --document\` wrote this page from one run. Everything is on, as \`npm start\` runs it: mutual TLS 1.3 on every hop, token and signed request verified in both services, an entry in the log before each number, release rows, policy, \`fsync\`. Access proxy, vault, PostgreSQL, identity provider, load generator and baselines are processes of their own on one machine, so **the load generator takes its share of the same cores**; the table of processor time says how much.

- System and baselines take turns under the same load, every second round in the opposite order (ABBA). A figure is the median of its turns, a ratio the median of the ratios within the rounds; the range is least to greatest. Absolute figures are of this machine; the ratios are what to compare.
- A single disclosure is one request by one of *n* clients, each with one connection, who asks again when answered; each asks for a record of its own under a request of its own, signed before the time is taken. A batch is one NDJSON stream of signed chunks of 500 ids. Every answer must hold a number, or the run fails. Receipts are received, not verified.
- An import is two NDJSON streams of new records at a time.
- \`log\` appends in the writer's own process, without HTTP: so many callers that wait for their own entry, or four that append 500 entries at a time. \`proof\` is an inclusion proof of an entry at a random place, one after another, from the tiles in the database with the reader that serves them; the log was put there by plain inserts, with its full tiles as archive and witnesses leave them. With \`--large\` it has ten million entries, and appending to it takes turns with a log of ten thousand. \`verify\` is the verifier of \`mynumber verify log\` over an exported log in files, which the page cache holds.
- \`erasure\` is the work of one epoch over the keys of one tenant in a database of its own, without HTTP: everything from the new root to the flip. With \`--large\` also of ten million keys, without records, where one of them takes turns with one of the smaller tenant.
- \`open\` is the way from sealed numbers to numbers in one process, without HTTP, in batches of 500 as the vault takes them: leaves read from the database, the path to each key opened, the block opened, the number made. Stored together, a batch lies on eight leaves; scattered, on nearly as many leaves as it has numbers.
- \`certificate\` is the offline verifier of \`mynumber verify certificate\`, with a certificate that people's acts in the running system led to and the trust policy alone.
- \`start\` is a system on an empty directory, from the start of its process until a number stored in it was disclosed. What npm does before (checking that packages are installed) is not in it.
- Memory is the kernel's high-water mark (VmHWM) of each service, after everything above and at least so many records in and out.

## Baselines
- **Two hops, plain row**: the same servers and clients (mutual TLS, express, headers), two processes, one hop per request, one plain row read by its key, under the same memory limits. No log, no cryptography, no policy.
- **One hop, pgcrypto and audit row**: one process; PostgreSQL opens (\`pgp_sym_decrypt\`, the form its manual recommends) or seals, and writes an audit row for each record, in one statement. **The same with raw AES** uses \`decrypt_iv\` with a bare key, which the manual discourages: nothing notices an altered row.
- **One transaction per append, audit rows**: one audit row per entry, 32 connections. No proof of anything.
- **Hash chain per tenant, row lock**: each entry's hash covers the one before; one call to the server holds the lock.
- **One row by its key**: for a proof, a single read of the same table.
- **SHA-256 chain**, **JSON.parse**: for the verifier, one hash over each entry and the one before, or parsing each entry, from the same files; neither finds more than it reads.
- **AES-256-GCM of node:crypto**: as many blocks of the same size, each under a key of its own, all keys in memory, nothing checked but the tag.
- **The signature alone**: of the certificate's JWS, without anything it says.
- **Re-wrapping every key**: what an epoch replaces: every record's key of the tenant, sealed anew under a new tenant key.
`;

/** docs/performance.md, from one run. */
export function performanceDocument({ machine, sizes, rows }: PerformanceRun): string {
  const parts = [
    '# Performance',
    METHOD.trimEnd(),
    '## Machine',
    `${machine.cores} cores, ${machine.memoryGib} GiB of memory, Node ${machine.node}, PostgreSQL ${machine.postgres}. ${sizes.rounds} rounds of about ${sizes.seconds} s a turn.`,
    '## Figures',
    figures(rows),
    '## Latency of single operations, ms',
    latencies(rows),
    '## Processor time per record, µs',
    'Of the system under load; PostgreSQL with all its server processes.',
    processorTimes(rows),
  ];
  return `${parts.join('\n\n')}\n`;
}

function figures(rows: readonly BenchRow[]): string {
  const lines = rows.flatMap((row) => {
    const { bench, metric, value, unit, valueRange, compared = [], targets = [] } = row;
    const first = `${bench} ${metric} | ${numberText(value)} ${unit}${rangeText(valueRange)}`;
    const judged = targets.map(({ text, met }) => `${text}: ${met ? 'met' : '**not met**'}`);
    const [main, ...others] = compared.map(
      ({ against, baseline, ratio, ratioRange }) =>
        `${against} | ${numberText(baseline)} | ${ratioText(ratio)} (${ratioRange.map(ratioText).join('–')})`,
    );
    return [
      `| ${first} | ${main ?? ' | | '} | ${judged.join('<br>')} |`,
      ...others.map((other) => `| | | ${other} | |`),
    ];
  });
  return table(
    ['row', 'figure (range)', 'baseline', 'its figure', 'ratio (range)', 'target'],
    lines,
  );
}

function latencies(rows: readonly BenchRow[]): string {
  const known = rows.filter((row): row is BenchRow & { latencyMs: Latency } => 'latencyMs' in row);
  const lines = known.map(({ bench, metric, latencyMs: { p50, p95, p99 } }) => {
    const cells = [p50, p95, p99].map((one) => one.toFixed(1));
    return `| ${bench} ${metric} | ${cells.join(' | ')} |`;
  });
  return table(['row', 'p50', 'p95', 'p99'], lines);
}

function processorTimes(rows: readonly BenchRow[]): string {
  const known = rows.flatMap((row) =>
    row.cpuMicros ? [{ ...row, cpuMicros: row.cpuMicros }] : [],
  );
  const names = Object.keys(known[0]?.cpuMicros ?? {});
  const lines = known.map(({ bench, metric, cpuMicros }) => {
    const cells = names.map((name) => numberText(cpuMicros[name] ?? 0));
    return `| ${bench} ${metric} | ${cells.join(' | ')} |`;
  });
  return table(['row', ...names], lines);
}

function table(headings: readonly string[], lines: readonly string[]): string {
  const head = `| ${headings.join(' | ')} |\n|${headings.map(() => '---|').join('')}`;
  return [head, ...lines].join('\n');
}

function rangeText(range: Range | undefined): string {
  return range ? ` (${range.map((one) => numberText(one)).join('–')})` : '';
}
