import type { Scope } from '@mnv/core';
import { SCOPES } from '@mnv/core';
import { UsageError, optionalText, textOf } from './command.ts';
import type { Command } from './command.ts';
import { credentialsOf } from './connect.ts';
import { CONNECTION_OPTIONS, TENANT_OPTION } from './connection-options.ts';
import { readEndpoints } from './endpoints.ts';

/** Prints a short-lived access token, for trying the API by hand. It is bound to the client's certificate. */
export const TOKEN: Command = {
  name: 'token',
  summary: 'Get an access token for one person, client and tenant.',
  options: {
    ...CONNECTION_OPTIONS,
    tenant: TENANT_OPTION,
    scope: {
      type: 'string',
      value: 'SCOPES',
      help: 'Rights, separated by spaces; default: all there are.',
    },
    json: { type: 'boolean', help: 'Print {accessToken, expiresAt, certificate, key}.' },
  },
  run: async ({ values }, { out, workingDirectory }) => {
    const named = optionalText(values, 'endpoints');
    const { endpoints } = await readEndpoints(named, workingDirectory);
    const tenant = textOf(values, 'tenant');
    const actor = {
      as: optionalText(values, 'as'),
      client: optionalText(values, 'client'),
      tenant,
    };
    const { client, token } = await credentialsOf(endpoints, { ...actor, ...scopesOf(values) });
    const { accessToken, expiresAt } = await token({ tenant });
    const { certificate, key } = client;
    const answer = { accessToken, expiresAt: new Date(expiresAt).toISOString(), certificate, key };
    out(`${values['json'] === true ? JSON.stringify(answer) : accessToken}\n`);
    return 0;
  },
};

function scopesOf(values: Readonly<Record<string, unknown>>): { scopes?: Scope[] } {
  const asked = values['scope'];
  if (typeof asked !== 'string') return {};
  const scopes = asked.split(' ').filter((scope) => scope !== '');
  if (!scopes.every((scope): scope is Scope => (SCOPES as readonly string[]).includes(scope))) {
    throw new UsageError(`Scopes are ${SCOPES.join(', ')}.`);
  }
  return { scopes };
}
