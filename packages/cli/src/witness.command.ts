import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isKeyName } from '@mnv/transparency-log';
import { UsageError, optionalText, textOf } from './command.ts';
import type { Command } from './command.ts';
import { readTrustPolicy } from './trust-policy.ts';
import { makeCosignCheckpoint } from './witness/cosign-checkpoint.ts';
import { serveWitness } from './witness/serve-witness.ts';
import { keptWitnessKey } from './witness/witness-key.ts';
import { witnessedHeads } from './witness/witnessed-heads.ts';

const DATA_OPTION = {
  type: 'string',
  value: 'DIR',
  help: 'Where its key and the heads it cosigned are kept.',
  required: true,
} as const;
const NAME_OPTION = {
  type: 'string',
  value: 'NAME',
  help: 'Its name in every cosignature, for good; e.g. witness.example.org.',
  required: true,
} as const;

/** For an auditor or the parent company: made before the logs know the witness. */
export const WITNESS_KEY: Command = {
  name: 'witness key',
  summary: 'Make the key of a witness, or show its verifier key for a trust policy.',
  options: { data: DATA_OPTION, name: NAME_OPTION },
  run: async ({ values }, { workingDirectory, out }) => {
    const directory = resolve(workingDirectory, textOf(values, 'data'));
    const { vkey } = await keptWitnessKey(directory, witnessName(textOf(values, 'name')));
    out(`${vkey}\n`);
    return 0;
  },
};

/** Runs until it is stopped. Independent of the services: own process, own key, state in files. */
export const WITNESS: Command = {
  name: 'witness',
  summary:
    'Witness the checkpoints of logs (C2SP tlog-witness), so that nobody can fork them unseen.',
  details:
    'The log sends each checkpoint to POST /add-checkpoint; the witness cosigns what extends the one before.\n' +
    'It sees sizes and hashes alone. Run it away from the system it watches, and never restore its directory\n' +
    'from a copy: a witness that forgets can be led to cosign a second history.',
  options: {
    data: DATA_OPTION,
    name: NAME_OPTION,
    policy: {
      type: 'string',
      value: 'FILE',
      help: 'The logs it witnesses (tlog-policy).',
      required: true,
    },
    certificate: { type: 'string', value: 'FILE', help: 'TLS certificate, PEM.', required: true },
    key: { type: 'string', value: 'FILE', help: 'TLS key, PEM.', required: true },
    port: { type: 'string', value: 'PORT', help: 'Where it listens.', required: true },
    host: { type: 'string', value: 'ADDRESS', help: 'Default 127.0.0.1.' },
  },
  run: async ({ values }, { workingDirectory, out, err, now }) => {
    const path = (name: string) => resolve(workingDirectory, textOf(values, name));
    const key = await keptWitnessKey(path('data'), witnessName(textOf(values, 'name')));
    const cosignCheckpoint = makeCosignCheckpoint({
      key,
      policy: await readTrustPolicy(path('policy')),
      heads: witnessedHeads(join(path('data'), 'heads')),
      now,
    });
    const server = await serveWitness({
      host: optionalText(values, 'host') ?? '127.0.0.1',
      port: portOf(textOf(values, 'port')),
      readIdentity: () => ({
        cert: readFileSync(path('certificate'), 'utf8'),
        key: readFileSync(path('key'), 'utf8'),
      }),
      vkey: key.vkey,
      cosignCheckpoint,
      report: (error) => err(`mynumber: witness: ${faultOf(error)}\n`),
    });
    out(`証人 / witness ${key.name}: https://localhost:${server.port}\n${key.vkey}\n`);
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
    await server.close();
    return 0;
  },
};

function witnessName(name: string): string {
  if (!isKeyName(name)) throw new UsageError('A witness name has no spaces and no plus sign.');
  return name;
}

function portOf(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError('A port is a number up to 65535.');
  return port;
}

/** A kept head that does not open is named; its content is not. */
function faultOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown fault';
}
