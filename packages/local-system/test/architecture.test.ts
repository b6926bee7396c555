import { describe, expect, it } from '@jest/globals';
import { BOUNDARIES, REVEALING, breachesIn, importsOf } from './architecture-rules.ts';
import { isSource, projectFiles } from './architecture-tree.ts';

const sources = projectFiles(isSource);

const BROKEN: [promise: string, path: string, text: string][] = [
  ['core imports nothing', 'packages/core/src/a.ts', `import { randomUUID } from 'node:crypto';`],
  ['core imports nothing', 'packages/core/src/a.ts', `import type { X } from 'zod';`],
  ['bango-ho imports core alone', 'packages/bango-ho/src/a.ts', `export { z } from 'zod';`],
  [
    'durable files need Node alone',
    'packages/durable-files/src/a.ts',
    `import { x } from '@mnv/core';`,
  ],
  [
    'the transparency log needs',
    'packages/transparency-log/src/a.ts',
    `import express from 'express';`,
  ],
  ['the erasure tree needs', 'packages/erasure-tree/src/a.ts', `import {\n  Pool,\n} from 'pg';`],
  ['the protocol needs', 'packages/protocol/src/a.ts', `import 'winston';`],
  [
    'the certificate needs pure packages',
    'packages/disposal-certificate/src/a.ts',
    `import 'node:fs';`,
  ],
  [
    'a register document knows no service',
    'packages/register-document/src/a.ts',
    `import { z } from 'zod';`,
  ],
  [
    'pdfkit is loaded by register-document alone',
    'services/disposal/src/a.ts',
    `const { default: Pdf } = await import('pdfkit');`,
  ],
  [
    'node-forge is loaded by pki alone',
    'packages/client/src/a.ts',
    `const forge = await import('node-forge');`,
  ],
  [
    'node-forge is loaded by pki alone',
    'services/vault/src/a.repository.ts',
    `import forge from 'node-forge';`,
  ],
  [
    'a database driver is loaded',
    'services/vault/src/disclose-number.ts',
    `import { sql } from 'kysely';`,
  ],
  [
    'a database driver is loaded',
    'services/vault/src/app.ts',
    `import { type Kysely } from 'kysely';`,
  ],
  ['a database driver is loaded', 'services/vault/src/app.ts', `import pg from 'pg';`],
  [
    'a repository knows no HTTP',
    'services/vault/src/a.repository.ts',
    `import { Router } from 'express';`,
  ],
  [
    'a route knows no SQL',
    'services/vault/src/a.routes.ts',
    `import type { Kysely } from 'kysely';`,
  ],
  ['services meet over HTTP', 'services/vault/src/a.ts', `import { x } from '@mnv/access-proxy';`],
  [
    'services meet over HTTP',
    'services/access-proxy/src/main.ts',
    `import { x } from '@mnv/testing';`,
  ],
  [
    'the environment is read by main.ts',
    'services/vault/src/app.ts',
    `const port = process.env.PORT;`,
  ],
  ['the environment is read by main.ts', 'packages/core/src/a.ts', `const { env } = process;`],
  [
    'the environment is read by main.ts',
    'packages/core/src/a.ts',
    `import { env } from 'node:process';`,
  ],
  ['a number is revealed only', 'services/vault/src/app.ts', `log.info(number.reveal());`],
  ['a number is revealed only', 'services/vault/src/app.ts', `const show = number\n  .reveal;`],
  ['no file is a drawer', 'packages/core/src/utils.ts', ''],
  ['no file is a drawer', 'services/vault/src/helpers/a.ts', ''],
];

describe('the import boundaries', () => {
  it('hold in every source file of the project', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(breachesIn(sources)).toEqual([]);
  });

  it.each(BROKEN)('notice a breach of "%s…" in %s', (promise, path, text) => {
    expect(breachesIn([{ path, text }]).map((breach) => breach.slice(path.length + 2))).toEqual(
      expect.arrayContaining([expect.stringMatching(new RegExp(`^${promise}`))]),
    );
  });

  it('have an example of a breach for each of them', () => {
    const shown = BOUNDARIES.filter(({ promise }) =>
      BROKEN.some(([start]) => promise.startsWith(start)),
    );

    expect(shown).toHaveLength(BOUNDARIES.length);
  });

  it('let a type of the database driver through, because it loads nothing', () => {
    const file = {
      path: 'services/vault/src/store-number.ts',
      text: `import type { Kysely } from 'kysely';`,
    };

    expect(breachesIn([file])).toEqual([]);
  });

  it('name no file as revealing that reveals nothing', () => {
    const idle = [...REVEALING].filter((path) => {
      const file = sources.find((one) => one.path === path);
      return !file?.text.includes('reveal');
    });

    expect(idle).toEqual([]);
  });
});

describe('the import scanner', () => {
  it('sees static, re-exporting, bare and dynamic imports, and tells types from values', () => {
    const text = [
      `import a, { b } from 'one';`,
      `import type { c } from 'two';`,
      `export * from 'three';`,
      `export type { d } from 'four';`,
      `import 'five';`,
      `const e = await import('six');`,
      `import {\n  f,\n  g,\n} from "seven";`,
    ].join('\n');

    const seen = importsOf(text).map(({ specifier, typeOnly }) =>
      typeOnly ? `type ${specifier}` : specifier,
    );

    expect(seen.sort()).toEqual(['five', 'one', 'seven', 'six', 'three', 'type four', 'type two']);
  });
});
