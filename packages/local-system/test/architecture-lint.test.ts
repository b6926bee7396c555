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
    `export const sum = (a: number, b: number, c: number, d: number): number => a + b + c + d;`,
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

let tree: string;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'lint-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'tsconfig.base.json'])
    cpSync(join(ROOT, file), join(tree, file));
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
});

afterAll(() => {
  rmSync(tree, { recursive: true, force: true });
});

/** The names of the rules that refuse a file, without their plugin. */
function rulesRefusing(path: string, text: string): string[] {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const run = spawnSync(process.execPath, [oxlint, '--type-aware', '--format', 'json', path], {
    cwd: tree,
    encoding: 'utf8',
  });
  rmSync(file);
  const { diagnostics } = JSON.parse(run.stdout) as {
    diagnostics: { code?: string; severity: string }[];
  };
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code?.match(/\(([^)]+)\)/)?.[1] ?? '');
}

describe('the linter', () => {
  it.each(BROKEN)('refuses by %s: %s', (rule, path, text) => {
    expect(rulesRefusing(path, text)).toContain(rule);
  });

  it.each(SOUND)('lets pass %s', (_what, path, text) => {
    expect(rulesRefusing(path, text)).toEqual([]);
  });
});
