import { join } from 'node:path';
import { ensurePrivateDirectory } from '../files/private-file.ts';

/** Where everything of one local system lies. All paths are absolute; all of it is readable by its owner alone. */
export type DataLayout = ReturnType<typeof dataLayout>;

/** Makes the directories of a data directory, each 0700, and names the files in them. */
export function dataLayout(root: string) {
  const directory = (name: string) => ensurePrivateDirectory(join(root, name));
  ensurePrivateDirectory(root);
  return {
    root,
    endpointsFile: join(root, 'endpoints.json'),
    policyFile: join(root, 'trust-policy.txt'),
    lastRunFile: join(root, 'last-run.json'),
    /** Names the legal day by which retention counts; without it the calendar does. */
    legalDayFile: join(root, 'legal-day'),
    registeredFile: join(root, 'registered.json'),
    tls: directory('tls'),
    people: directory('people'),
    clients: directory('clients'),
    identity: directory('identity'),
    secrets: directory('secrets'),
    rootKey: directory('root'),
    logKey: directory('log-key'),
    controlKey: directory('control-key'),
    certificateKey: directory('certificate-key'),
    logs: directory('logs'),
    witness: directory('witness'),
    exports: [directory('exports-1'), directory('exports-2')],
    postgres: join(root, 'postgres'),
  };
}
