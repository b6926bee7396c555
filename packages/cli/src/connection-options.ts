import type { Client } from '@mnv/client';
import type { Scope } from '@mnv/core';
import { isTenantId } from '@mnv/core';
import { CommandError, UsageError, optionalText } from './command.ts';
import type { OptionSpec, Surroundings, Values } from './command.ts';
import { connect } from './connect.ts';
import { readEndpoints } from './endpoints.ts';

/** The options of every command that talks to the service. */
export const CONNECTION_OPTIONS = {
  endpoints: {
    type: 'string',
    value: 'FILE',
    help: 'Where the system is; default: the nearest .data/endpoints.json.',
  },
  as: {
    type: 'string',
    value: 'PERSON',
    help: 'The person on whose authority this is done, by the name in the endpoints file.',
  },
  client: {
    type: 'string',
    value: 'CLIENT',
    help: 'The client system that acts; default: the only one that serves the tenant.',
  },
} as const satisfies Record<string, OptionSpec>;

/** The same where a client alone may do nothing: reports, registers and imports are acts of a person. */
export const PERSON_OPTIONS = {
  ...CONNECTION_OPTIONS,
  as: { ...CONNECTION_OPTIONS.as, required: true },
} as const satisfies Record<string, OptionSpec>;

export const TENANT_OPTION = {
  type: 'string',
  value: 'TENANT',
  help: 'The tenant (委託元) concerned.',
  required: true,
} as const satisfies OptionSpec;

/** Opens a client by the command's options, does the work, and closes it whatever happens. */
export async function withClient<Result>(
  options: {
    values: Values;
    tenant: string;
    /** All the person has, when none are named. */
    scopes?: readonly Scope[];
    surroundings: Surroundings;
    /** Where the user believes the service to be; a token never goes anywhere else. */
    proxyOrigin?: string;
  },
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const { values, tenant, scopes, surroundings, proxyOrigin } = options;
  if (!isTenantId(tenant)) throw new UsageError('A tenant id is like t-001.');
  const named = optionalText(values, 'endpoints');
  const { endpoints } = await readEndpoints(named, surroundings.workingDirectory);
  const { proxy } = endpoints.services;
  if (proxyOrigin !== undefined && proxyOrigin !== new URL(proxy).origin) {
    throw new CommandError(`The endpoints file is of another system, at ${proxy}.`);
  }
  const [as, client] = [optionalText(values, 'as'), optionalText(values, 'client')];
  const connected = await connect(endpoints, { as, client, tenant, ...(scopes && { scopes }) });
  try {
    return await work(connected);
  } finally {
    await connected.close();
  }
}
