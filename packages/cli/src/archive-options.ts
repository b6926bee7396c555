import { resolve } from 'node:path';
import type { ArchiveStore, ControlLedger, LogLedger } from '@mnv/log-archive';
import type { Policy } from '@mnv/transparency-log';
import type { KeyObject } from 'node:crypto';
import { CommandError, UsageError, optionalText, textOf } from './command.ts';
import type { OptionSpec, Surroundings, Values } from './command.ts';
import { readAddress } from './read-address.ts';
import { readTrustPolicy } from './trust-policy.ts';

/** The options of commands that work on the access logs where they are stored. */
export const ARCHIVE_OPTIONS = {
  'url-file': {
    type: 'string',
    value: 'FILE',
    help: 'A file with postgresql://access_archiver:…, for its owner alone.',
    required: true,
  },
  'ca-file': {
    type: 'string',
    value: 'FILE',
    help: 'The authority of the database’s certificate; only a database on this machine needs none.',
  },
  policy: {
    type: 'string',
    value: 'FILE',
    help: 'The trust policy (tlog-policy).',
    required: true,
  },
  archive: { type: 'string', value: 'DIR|s3://…', help: 'Where segments are archived.' },
  'archive-key': {
    type: 'string',
    value: 'FILE',
    help: 'The key over the keys of all segments: 32 bytes, for its owner alone.',
  },
} as const satisfies Record<string, OptionSpec>;

type Archived = { archive: ArchiveStore; archiveKey: KeyObject };

/** Loaded only by the commands that need it: it brings a database driver and what services are made of. */
export const loadArchiving = () => import('@mnv/log-archive');

/** Opens database, trust policy and archive by the command's options, and closes the database again. */
export async function withLedger<Result>(
  values: Values,
  surroundings: Surroundings,
  work: (opened: {
    ledger: LogLedger;
    policy: Policy;
    archived: Archived | undefined;
  }) => Promise<Result>,
): Promise<Result> {
  const policy = await policyOf(values, surroundings);
  const archived = await archiveOf(values, surroundings);
  const { openLedger } = await loadArchiving();
  const { ledger, close } = openLedger(await placeOf(values, surroundings, 'url-file'));
  try {
    return await work({ ledger, policy, archived });
  } finally {
    await close();
  }
}

/** The same with the vault's database, for its control log alone. */
export async function withControlLedger<Result>(
  values: Values,
  surroundings: Surroundings,
  work: (opened: { ledger: ControlLedger; policy: Policy }) => Promise<Result>,
): Promise<Result> {
  const policy = await policyOf(values, surroundings);
  const { openControlLedger } = await loadArchiving();
  const place = await placeOf(values, surroundings, 'control-url-file');
  const { ledger, close } = openControlLedger(place);
  try {
    return await work({ ledger, policy });
  } finally {
    await close();
  }
}

function policyOf(values: Values, { workingDirectory }: Surroundings): Promise<Policy> {
  return readTrustPolicy(resolve(workingDirectory, textOf(values, 'policy')));
}

async function placeOf(
  values: Values,
  { workingDirectory }: Surroundings,
  option: 'url-file' | 'control-url-file',
): Promise<{ connectionString: string; caFile: string | undefined }> {
  const file = resolve(workingDirectory, textOf(values, option));
  const caFile = optionalText(values, 'ca-file');
  return {
    connectionString: await readAddress(file),
    caFile: caFile === undefined ? undefined : resolve(workingDirectory, caFile),
  };
}

async function archiveOf(
  values: Values,
  { workingDirectory }: Surroundings,
): Promise<Archived | undefined> {
  const { openArchive, readArchiveKey } = await loadArchiving();
  const [place, keyFile] = [optionalText(values, 'archive'), optionalText(values, 'archive-key')];
  if (place === undefined && keyFile === undefined) return undefined;
  if (place === undefined || keyFile === undefined)
    throw new UsageError('Give --archive and --archive-key together.');
  try {
    const archiveKey = await readArchiveKey(resolve(workingDirectory, keyFile));
    return { archive: await openArchive(place, workingDirectory), archiveKey };
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw new CommandError(error instanceof Error ? error.message : 'The archive does not open.');
  }
}
