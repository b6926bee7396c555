import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './architecture-tree.ts';

const USE_CASE = 'services/vault/src/use-case.ts';

const BROKEN: [rule: string, path: string, text: string][] = [
  [
    'no-floating-promises',
    USE_CASE,
    `const save = async (): Promise<void> => {};\nexport function run(): void {\n  save();\n}`,
  ],
  ['no-explicit-any', USE_CASE, `export const held: any = 1;`],
  ['eqeqeq', USE_CASE, `export const same = (a: string, b: string): boolean => a == b;`],
  ['no-default-export', USE_CASE, `export default 1;`],
  ['no-process-env', USE_CASE, `export const port = process.env['PORT'];`],
  ['no-restricted-properties', USE_CASE, `export const chance = Math.random();`],
  ['no-restricted-imports', USE_CASE, `import { sql } from 'kysely';\nexport const query = sql;`],
  ['no-restricted-imports', USE_CASE, `import pg from 'pg';\nexport const pool = pg;`],
  [
    'no-restricted-imports',
    'services/vault/src/a.repository.ts',
    `import forge from 'node-forge';\nexport const lib = forge;`,
  ],
  [
    'no-restricted-imports',
    USE_CASE,
    `import { x } from '@mnv/core/src/clock.ts';\nexport const y = x;`,
  ],
  ['no-restricted-imports', USE_CASE, `import jwt from 'jsonwebtoken';\nexport const lib = jwt;`],
  ['no-console', USE_CASE, `console.log('started');`],
  [
    'max-params',
    USE_CASE,
    `export const sum = (a: number, b: number, c: number, d: number, e: number): number => a + b + c + d + e;`,
  ],
  ['max-lines', USE_CASE, `export const a = 1;\n`.padEnd(260, '\n')],
  [
    'max-lines-per-function',
    USE_CASE,
    `export function long(): number {\n  let sum = 0;\n${'  sum += 1;\n'.repeat(61)}  return sum;\n}`,
  ],
  [
    'no-focused-tests',
    'services/vault/test/a.test.ts',
    `it.only('keeps the promise', () => { expect(1 + 1).toBe(2); });`,
  ],
  [
    'no-disabled-tests',
    'services/vault/test/a.test.ts',
    `it.skip('keeps the promise', () => { expect(1 + 1).toBe(2); });`,
  ],
  [
    'expect-expect',
    'services/vault/test/a.test.ts',
    `it('keeps the promise', () => { Math.abs(1); });`,
  ],
];

const SOUND: [what: string, path: string, text: string][] = [
  [
    'a type of the database driver',
    USE_CASE,
    `import type { Kysely } from 'kysely';\nexport type Db = Kysely<object>;`,
  ],
  [
    'the driver in a repository',
    'services/vault/src/a.repository.ts',
    `import { sql } from 'kysely';\nexport const query = sql;`,
  ],
  [
    'the environment in main.ts',
    'services/vault/src/main.ts',
    `export const port = process.env['PORT'];`,
  ],
  [
    'node-forge in pki',
    'packages/pki/src/a.ts',
    `import forge from 'node-forge';\nexport const lib = forge;`,
  ],
];

type Diagnostic = { code?: string; severity: string; filename: string };

let tree: string;
let refused: Map<string, string[]>;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'lint-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'tsconfig.base.json'])
    cpSync(join(ROOT, file), join(tree, file));
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  BROKEN.forEach(([, path, text], at) => lay(`broken-${at}`, path, text));
  SOUND.forEach(([, path, text], at) => lay(`sound-${at}`, path, text));
  refused = lint();
});

afterAll(() => {
  rmSync(tree, { recursive: true, force: true });
});

/** Each sample gets a folder of its own, so that one run of the linter judges all of them. */
function lay(sample: string, path: string, text: string): void {
  const file = join(tree, sample, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
}

/** The names of the rules that refuse each sample, without their plugin. */
function lint(): Map<string, string[]> {
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const given = [oxlint, '--type-aware', '--format', 'json', '.'];
  const run = spawnSync(process.execPath, given, {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 16_777_216,
  });
  const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: Diagnostic[] };
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const samples = Map.groupBy(errors, ({ filename }) => filename.split('/')[0] ?? '');
  return new Map([...samples].map(([sample, found]) => [sample, found.map(ruleOf)]));
}

const ruleOf = ({ code }: Diagnostic): string => code?.match(/\(([^)]+)\)/)?.[1] ?? '';

const named = (samples: typeof BROKEN, as: string) =>
  samples.map(([what, path], at) => ({ what, path, sample: `${as}-${at}` }));

describe('the linter', () => {
  it.each(named(BROKEN, 'broken'))('refuses by $what: $path', ({ what, sample }) => {
    expect(refused.get(sample)).toContain(what);
  });

  it.each(named(SOUND, 'sound'))('lets pass $what', ({ sample }) => {
    expect(refused.get(sample) ?? []).toEqual([]);
  });
});
