import { OPERATOR_TENANT } from '@mnv/core';
import type { Client } from '@mnv/client';
import type { OptionSpec, Surroundings, Values } from './command.ts';
import { withClient } from './connection-options.ts';

/** The person an administrator speaks of. */
export const SUBJECT_OPTION = {
  type: 'string',
  value: 'SUB',
  help: 'The person, by the `sub` of their tokens.',
  required: true,
} as const satisfies OptionSpec;

/** Administrators act for the outsourcer itself, whatever tenant they speak of. */
export function asAdministrator<Result>(
  values: Values,
  surroundings: Surroundings,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  return withClient({ values, tenant: OPERATOR_TENANT, scopes: ['admin'], surroundings }, work);
}
