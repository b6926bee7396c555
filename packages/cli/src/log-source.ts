import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OPERATOR_TENANT } from '@mnv/core';
import { tileDirectory } from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';
import { CommandError, textOf, UsageError } from './command.ts';
import type { Surroundings, Values } from './command.ts';
import { withClient } from './connection-options.ts';

const LOG_ADDRESS = /^https:\/\/[^/]+\/v1\/(?:tenants\/([a-z0-9-]+)\/log|control-log)\/?$/;

type Asked = { values: Values; surroundings: Surroundings };

/** Opens the log that `--from` names and does the work with it: see {@link withLogAt}. */
export async function withLog<Result>(
  values: Values,
  surroundings: Surroundings,
  work: (fetch: FetchFile) => Promise<Result>,
): Promise<Result> {
  return withLogAt(textOf(values, 'from'), { values, surroundings }, work);
}

/**
 * Opens a log and does the work with it: a directory in the tlog-tiles layout, or the address of a log at the
 * proxy, which is read as the person of `--as` with scope `log:read`.
 */
export async function withLogAt<Result>(
  from: string,
  { values, surroundings }: Asked,
  work: (fetch: FetchFile) => Promise<Result>,
): Promise<Result> {
  if (/^https?:/.test(from)) return withRemoteLog(from, { values, surroundings }, work);
  const directory = resolve(surroundings.workingDirectory, from);
  if (!(await isDirectory(directory)))
    throw new CommandError(`There is no directory ${directory}.`);
  return work(tileDirectory(directory).fetch);
}

function withRemoteLog<Result>(
  address: string,
  { values, surroundings }: Asked,
  work: (fetch: FetchFile) => Promise<Result>,
): Promise<Result> {
  const found = LOG_ADDRESS.exec(address);
  if (!found) {
    throw new UsageError(
      'A log is a directory, https://HOST/v1/tenants/TENANT/log or https://HOST/v1/control-log.',
    );
  }
  const control = found[1] === undefined;
  const tenant = found[1] ?? OPERATOR_TENANT;
  const scopes = ['log:read'] as const;
  const asked = { values, tenant, scopes, surroundings, proxyOrigin: new URL(address).origin };
  return withClient(asked, ({ readLog, readControlLog }) =>
    work(control ? readControlLog : readLog),
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
