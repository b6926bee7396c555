import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseStrictJson } from '@mnv/protocol';
import { CommandError } from './command.ts';

/** A client system as the endpoints file lists it; members are absolute file names. */
export type ListedClient = {
  clientId: string;
  tenants: string[];
  certificate: string;
  key: string;
  privateJwk: string;
};

export type ListedPerson = {
  name: string;
  sub: string;
  roles: string[];
  tenants: string[];
  signInKey: string;
};

/** Where a deployment is and how to prove oneself to it (`endpoints.json`, version 1). */
export type Endpoints = {
  version: 1;
  profile: string;
  deployment: string;
  ca: string;
  services: { proxy: string; disposal?: string; [service: string]: string | undefined };
  identity: { issuer: string; token: string; jwks: string; audience: string; resource: string };
  logs: { policy: string; [log: string]: unknown };
  postgres?: {
    host: string;
    port: number;
    databases: string[];
    adminUser: string;
    adminPasswordFile: string;
  };
  clients: ListedClient[];
  people: ListedPerson[];
};

const DEFAULT_FILE = join('.data', 'endpoints.json');
const REPOSITORY = resolve(import.meta.dirname, '../../..');
const MAX_BYTES = 4 * 1024 * 1024;

/** The endpoints file that was named, or the nearest `.data/endpoints.json` upwards, or the checkout's own. */
export async function readEndpoints(
  named: string | undefined,
  workingDirectory: string,
): Promise<{ file: string; endpoints: Endpoints }> {
  const candidates =
    named === undefined
      ? [...upwards(resolve(workingDirectory)), REPOSITORY].map((place) =>
          join(place, DEFAULT_FILE),
        )
      : [resolve(workingDirectory, named)];
  for (const file of candidates) {
    const bytes = await readIfThere(file);
    if (bytes !== undefined) return { file, endpoints: endpointsFrom(bytes, file) };
  }
  throw new CommandError(
    named === undefined
      ? 'No .data/endpoints.json was found; start the system with npm start, or name a file with --endpoints.'
      : `There is no endpoints file at ${candidates[0]}.`,
  );
}

function upwards(from: string): string[] {
  const above = dirname(from);
  return above === from ? [from] : [from, ...upwards(above)];
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function endpointsFrom(bytes: Buffer, file: string): Endpoints {
  const value = parsedOrRefused(bytes, file) as Partial<Endpoints> | null;
  const usable =
    value?.version === 1 &&
    typeof value.ca === 'string' &&
    typeof value.services?.proxy === 'string' &&
    typeof value.identity?.token === 'string' &&
    Array.isArray(value.clients) &&
    Array.isArray(value.people);
  if (!usable) throw new CommandError(`${file} is not an endpoints file of version 1.`);
  return value as Endpoints;
}

function parsedOrRefused(bytes: Buffer, file: string): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes: MAX_BYTES });
  } catch {
    throw new CommandError(`${file} is not well-formed JSON.`);
  }
}
