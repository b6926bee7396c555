import type { SourceFile } from './architecture-tree.ts';

/** One boundary: where it holds, and the module specifiers or text that break it. */
export type Boundary = {
  promise: string;
  holdsIn: (path: string) => boolean;
  breaches: (file: SourceFile) => string[];
};

type Import = { specifier: string; typeOnly: boolean };

const STATIC = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g;

/** What a module imports or re-exports. `import { type X }` counts as a value: it still loads the module. */
export function importsOf(text: string): Import[] {
  const still = [...text.matchAll(STATIC)].map(([, type, specifier]) => ({
    specifier: specifier ?? '',
    typeOnly: type !== undefined,
  }));
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, specifier]) => ({
    specifier: specifier ?? '',
    typeOnly: false,
  }));
  return [...still, ...dynamic];
}

const isRelative = (specifier: string): boolean =>
  specifier.startsWith('./') || specifier.startsWith('../');
const under =
  (...folders: string[]) =>
  (path: string): boolean =>
    folders.some((folder) => path.startsWith(folder));

/** Everything that is not relative must be on the list. */
function only(...allowed: string[]): Boundary['breaches'] {
  return ({ text }) =>
    importsOf(text)
      .map((one) => one.specifier)
      .filter((name) => !isRelative(name) && !allowed.includes(name));
}

/** None of these, or of their sub-paths, as a value. */
function never(...banned: string[]): Boundary['breaches'] {
  const isBanned = (name: string): boolean =>
    banned.some((one) => name === one || name.startsWith(`${one}/`));
  return ({ text }) =>
    importsOf(text)
      .filter((one) => !one.typeOnly && isBanned(one.specifier))
      .map((one) => one.specifier);
}

/** Text that must not stand there, comments left aside. */
function noText(pattern: RegExp): Boundary['breaches'] {
  return ({ text }) => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '').match(pattern) ?? [];
}

const isRepository = (path: string): boolean => path.endsWith('.repository.ts');
const isMain = (path: string): boolean => path.endsWith('/main.ts');
const isService = under('services/');
const isPrivate = under('packages/testing/', 'packages/local-system/');

/** The files that may turn an IndividualNumber back into digits: to seal it, to compare it, to answer it. */
export const REVEALING = new Set<string>([
  'packages/core/src/individual-number.ts',
  'packages/erasure-tree/src/number-block.ts',
  'packages/local-system/src/drill/scenario.ts',
  'services/vault/src/duplicates/number-tags.ts',
  'services/vault/src/store-numbers.ts',
  'services/vault/src/disclosures.routes.ts',
]);

/** Files outside the repositories that hold a database driver, each because it makes or checks connections. */
const DATABASE_EDGES = [
  /^packages\/service-kit\/src\/[^/]*(database|tenant)[^/]*\.ts$/,
  /^packages\/cli\/src\/[^/]*(migrat|bootstrap)[^/]*\.ts$/,
];

export const BOUNDARIES: Boundary[] = [
  {
    promise: 'core imports nothing',
    holdsIn: under('packages/core/'),
    breaches: only(),
  },
  {
    promise: 'bango-ho imports core alone',
    holdsIn: under('packages/bango-ho/'),
    breaches: only('@mnv/core'),
  },
  {
    promise: 'durable files need Node alone',
    holdsIn: (path) => path.startsWith('packages/durable-files/src/'),
    breaches: only('node:crypto', 'node:fs/promises', 'node:path'),
  },
  {
    promise: 'the transparency log needs node:crypto alone, and files where tiles are written',
    holdsIn: under('packages/transparency-log/'),
    breaches: only('@mnv/durable-files', 'node:crypto', 'node:fs/promises', 'node:path'),
  },
  {
    promise: 'the erasure tree needs core, node:crypto and the file of its root',
    holdsIn: under('packages/erasure-tree/'),
    breaches: only(
      '@mnv/core',
      '@mnv/durable-files',
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:path',
      'node:util',
    ),
  },
  {
    promise: 'the protocol needs core, the log, jose and what Node has of bytes and hashes',
    holdsIn: under('packages/protocol/'),
    breaches: only('@mnv/core', '@mnv/transparency-log', 'jose', 'node:buffer', 'node:crypto'),
  },
  {
    promise: 'the certificate needs pure packages, jose and node:crypto',
    holdsIn: (path) => path.startsWith('packages/disposal-certificate/src/'),
    breaches: only(
      '@mnv/core',
      '@mnv/erasure-tree',
      '@mnv/protocol',
      '@mnv/transparency-log',
      'jose',
      'node:crypto',
    ),
  },
  {
    promise: 'a register document knows no service: pdfkit, csv-stringify and timers',
    holdsIn: (path) => path.startsWith('packages/register-document/src/'),
    breaches: only('csv-stringify/sync', 'node:module', 'node:timers/promises', 'pdfkit'),
  },
  {
    promise: 'pdfkit is loaded by register-document alone',
    holdsIn: (path) => !path.startsWith('packages/register-document/'),
    breaches: ({ text }) =>
      importsOf(text)
        .map((one) => one.specifier)
        .filter((name) => name === 'pdfkit'),
  },
  {
    promise: 'node-forge is loaded by pki alone',
    holdsIn: (path) => !path.startsWith('packages/pki/'),
    breaches: ({ text }) =>
      importsOf(text)
        .map((one) => one.specifier)
        .filter((name) => name === 'node-forge'),
  },
  {
    promise: 'a database driver is loaded where SQL lives, and where connections are made',
    holdsIn: (path) =>
      !isRepository(path) &&
      !isMain(path) &&
      !isPrivate(path) &&
      !DATABASE_EDGES.some((edge) => edge.test(path)),
    breaches: never('kysely', 'pg'),
  },
  {
    promise: 'a repository knows no HTTP',
    holdsIn: isRepository,
    breaches: never('express', 'undici', 'helmet'),
  },
  {
    promise: 'a route knows no SQL, not even its types',
    holdsIn: (path) => path.endsWith('.routes.ts'),
    breaches: ({ text }) =>
      importsOf(text)
        .map((one) => one.specifier)
        .filter((name) => name === 'kysely' || name === 'pg'),
  },
  {
    promise: 'services meet over HTTP, never by import, and load nothing made for development',
    holdsIn: isService,
    breaches: never(
      '@mnv/vault',
      '@mnv/access-proxy',
      '@mnv/disposal',
      '@mnv/testing',
      '@mnv/local-system',
      '@mnv/cli',
      '@mnv/client',
      '@mnv/pki',
    ),
  },
  {
    promise: 'the environment is read by main.ts alone',
    holdsIn: (path) => !isMain(path) && !isPrivate(path),
    breaches: noText(
      /\bprocess\s*\.\s*env\b|\benv\s*\}\s*from\s*['"]node:process['"]|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/g,
    ),
  },
  {
    promise: 'a number is revealed only where it is sealed, compared or answered',
    holdsIn: (path) => !REVEALING.has(path),
    breaches: noText(/\.\s*reveal\b|\[\s*['"]reveal['"]\s*\]|\{\s*reveal\b/g),
  },
  {
    promise: 'no file is a drawer: utils, helpers, common, types and misc name no idea',
    holdsIn: () => true,
    breaches: ({ path }) =>
      path.match(/(?:^|\/|[.-])(?:utils?|helpers?|common|types|misc)(?:\/|\.ts$)/g) ?? [],
  },
];

/** Each breach as `path: promise (what)`. */
export function breachesIn(files: SourceFile[]): string[] {
  return files.flatMap((file) =>
    BOUNDARIES.filter((boundary) => boundary.holdsIn(file.path)).flatMap((boundary) =>
      boundary.breaches(file).map((what) => `${file.path}: ${boundary.promise} (${what})`),
    ),
  );
}
