import { describe, expect, it } from '@jest/globals';
import { hasRightCheckDigit } from '@mnv/core';
import { makeIndividualNumber } from '@mnv/testing';
import { homedir } from 'node:os';
import { ROOT, projectFiles, projectPaths } from './architecture-tree.ts';

const TOP_LEVEL = new Set([
  'services',
  'packages',
  'infra',
  'migrations',
  'docs',
  '.ci',
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'tsconfig.base.json',
  'tsconfig.json',
  'README.md',
  'LICENSE',
  'jest.config.js',
  'biome.json',
  '.oxlintrc.json',
  '.gitattributes',
  '.gitignore',
]);

const isGenerated = (path: string): boolean => path === 'pnpm-lock.yaml';
const isText = (text: string): boolean => !text.includes('\0');

/** Twelve digits between anything but digits, also in groups of four, also full-width. */
function validNumbersIn(text: string): string[] {
  const folded = text.normalize('NFKC');
  const runs = folded.match(/(?<![0-9])[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])/g) ?? [];
  return runs
    .map((run) => run.replaceAll(/[ -]/g, ''))
    .filter((run) => hasRightCheckDigit(run) && run !== '0'.repeat(12));
}

/** The files that name an absolute path below a directory. */
function filesNaming(directory: string): string[] {
  const escaped = directory.replaceAll(/[^\w/]/g, '\\$&');
  const named = new RegExp(`(?<![\\w.*@)}\\]-])${escaped}`);
  return projectFiles((path) => !isGenerated(path))
    .filter(({ text }) => named.test(text))
    .map(({ path }) => path);
}

describe('the tree of the project', () => {
  const files = projectFiles((path) => !isGenerated(path)).filter(({ text }) => isText(text));

  it('has the decided names at its top, and no other', () => {
    const top = new Set(projectPaths().map((path) => path.split('/')[0] ?? ''));

    expect([...top].filter((name) => !TOP_LEVEL.has(name))).toEqual([]);
  });

  it('holds no valid Individual Number', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(
      files.filter(({ text }) => validNumbersIn(text).length > 0).map(({ path }) => path),
    ).toEqual([]);
  });

  it('would notice one in any of the ways a person writes it', () => {
    const digits = makeIndividualNumber();
    const groups = digits.match(/.{4}/g) ?? [];
    const fullWidth = [...digits]
      .map((digit) => String.fromCodePoint(0xff10 + Number(digit)))
      .join('');

    for (const written of [digits, groups.join(' '), groups.join('-'), fullWidth]) {
      expect(validNumbersIn(`const held = '${written}';`)).toEqual([digits]);
      expect(validNumbersIn(`E${written}x`)).toEqual([digits]);
    }
  });

  it('names no directory of the machine it lies on', () => {
    expect(filesNaming(`${ROOT}/`)).toEqual([]);
    expect(filesNaming(`${homedir()}/`)).toEqual([]);
  });

  it('takes every package from the public registry: the lockfile names no host', () => {
    const [lockfile] = projectFiles(isGenerated);

    expect(lockfile?.text).toMatch(/integrity: sha512-/);
    expect(lockfile?.text.match(/https?:\/\/\S+|tarball:/g) ?? []).toEqual([]);
  });
});
