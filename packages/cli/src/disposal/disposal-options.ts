import type { Client } from '@mnv/client';
import type { Scope } from '@mnv/core';
import { isUuid } from '@mnv/core';
import { UsageError, textOf } from '../command.ts';
import type { OptionSpec, Surroundings, Values } from '../command.ts';
import { PERSON_OPTIONS, TENANT_OPTION, withClient } from '../connection-options.ts';

/** The options of every command about disposals. */
export const DISPOSAL_OPTIONS = {
  ...PERSON_OPTIONS,
  tenant: TENANT_OPTION,
  json: { type: 'boolean', help: 'Print JSON.' },
} as const satisfies Record<string, OptionSpec>;

/** What is signed is named by its hash, so that nobody approves another batch than the one they mean. */
export const BATCH_OPTION = {
  type: 'string',
  value: 'HASH',
  help: 'The hash of the batch, as disposal status prints it and the requester told it.',
  required: true,
} as const satisfies OptionSpec;

type Run = { values: Values; surroundings: Surroundings };

/** Does the work as the person the options name. Without `scopes` with all rights the person has. */
export function withPerson<Result>(
  { values, surroundings, scopes }: Run & { scopes?: readonly Scope[] },
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const tenant = textOf(values, 'tenant');
  return withClient({ values, tenant, surroundings, ...(scopes && { scopes }) }, work);
}

/** The id a command was given. Throws UsageError. */
export function disposalIdOf([id = '']: readonly string[]): string {
  if (isUuid(id)) return id;
  throw new UsageError('A disposal is named by its id, a UUID; disposal list has them.');
}
