import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, projectFiles } from './architecture-tree.ts';

type Manifest = Partial<
  Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>
>;

const documents = projectFiles((path) => path.endsWith('.md'));
const textOf = (path: string): string => documents.find((one) => one.path === path)?.text ?? '';

/** Every package from the registry that some manifest names. */
function dependencies(): string[] {
  const manifests = projectFiles((path) =>
    /^((packages|services)\/[^/]+\/)?package\.json$/.test(path),
  );
  const names = manifests.flatMap(({ text }) => {
    const {
      dependencies: own,
      devDependencies,
      optionalDependencies,
    } = JSON.parse(text) as Manifest;
    return Object.keys({ ...own, ...devDependencies, ...optionalDependencies });
  });
  return [...new Set(names.filter((name) => !name.startsWith('@mnv/')))].sort();
}

/** The packages in the first column of the tables, and nothing else in code marks there. */
function listedDependencies(): string[] {
  const cells = textOf('docs/DEPENDENCIES.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return cells
    .flatMap((line) =>
      [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
    )
    .sort();
}

/** Relative links of a document, without their fragment, as paths from the root. */
function linksOf({ path, text }: { path: string; text: string }): string[] {
  const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(
    ([, target]) => target ?? '',
  );
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(path), target));
}

/** Files a document names in code marks, where they are written out from the top of the tree. */
function pathsNamedBy(text: string): string[] {
  const named = [
    ...text.matchAll(/`((?:packages|services|migrations|infra|docs)\/[\w./-]+\.(?:ts|sql|md))`/g),
  ];
  return named.map(([, path]) => path ?? '');
}

describe('the documents', () => {
  it('list every dependency with its reason, and none that is gone', () => {
    expect(listedDependencies()).toEqual(dependencies());
  });

  it('link to nothing that is not there', () => {
    const broken = documents.flatMap((one) =>
      linksOf(one)
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${one.path} -> ${target}`),
    );

    expect(broken).toEqual([]);
  });

  it('name no file that is not there', () => {
    const missing = documents.flatMap(({ path, text }) =>
      pathsNamedBy(text)
        .filter((named) => !existsSync(join(ROOT, named)))
        .map((named) => `${path} -> ${named}`),
    );

    expect(missing).toEqual([]);
  });

  it('number the decisions without a gap and list each by its title', () => {
    const decisions = documents
      .filter(({ path }) => /^docs\/adr\/\d{4}-/.test(path))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const list = textOf('docs/adr/README.md');
    const titles = decisions.map(({ text }) => text.split('\n')[0]?.replace(/^# /, '') ?? '');

    expect(titles.map((title) => Number.parseInt(title, 10))).toEqual(
      titles.map((_, at) => at + 1),
    );
    for (const [at, { path }] of decisions.entries()) {
      expect(list).toContain(
        `${titles[at]?.replace(/^(\d+)\. (.*)$/, '$1. [$2]')}(${path.slice('docs/adr/'.length)})`,
      );
    }
  });
});
