import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, issueCertificate } from '@mnv/pki';
import { COMPILED_CODE, freePort } from '@mnv/testing';
import {
  type Edge,
  appendLeaves,
  consistencyProofSync,
  formatAddCheckpoint,
  formatCheckpoint,
  leafHash,
  newLogKey,
  nodeHash,
  noteSigner,
  rootOf,
  signNote,
} from '@mnv/transparency-log';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;
export const KEY_NAME = 'example/access';
export const ORIGIN = `${KEY_NAME}/log-1`;
export const WITNESS_NAME = 'witness.example';

export type WitnessAnswer = { status: number; body: string };
export type WitnessProcess = {
  vkey: string;
  send(body: string): Promise<WitnessAnswer>;
  kill(): Promise<void>;
};

/** A log that the test signs for, its tree held as plain leaves so that it can also be forked. */
export function makeLog(key = newLogKey(KEY_NAME), origin = ORIGIN) {
  const { privateKey, vkey } = key;
  const signer = noteSigner(origin, privateKey);
  const leaves = (size: number, branch = '') =>
    Array.from({ length: size }, (_, at) => leafHash(Buffer.from(`${at}${at > 2 ? branch : ''}`)));
  const rootAt = (size: number, branch?: string) => rootOf(edgeOf(leaves(size, branch)));
  const checkpoint = (size: number, branch?: string) =>
    signNote(formatCheckpoint({ origin, size, root: rootAt(size, branch) }), [signer]);
  const proof = (oldSize: number, size: number, branch?: string) =>
    oldSize === 0 || oldSize === size
      ? []
      : consistencyProofSync(oldSize, size, (level, index) =>
          nodeAt(leaves(size, branch), level, index),
        );
  const step = (oldSize: number, size: number, branch?: string) =>
    formatAddCheckpoint({
      oldSize,
      proof: proof(oldSize, size, branch),
      checkpoint: checkpoint(size, branch),
    });
  return { vkey, checkpoint, proof, step };
}

function edgeOf(leaves: Uint8Array[]): Edge {
  return appendLeaves(0, [], leaves, () => undefined);
}

function nodeAt(leaves: Uint8Array[], level: number, index: number): Uint8Array {
  const leaf = leaves[index];
  if (level === 0 && leaf !== undefined) return leaf;
  return nodeHash(nodeAt(leaves, level - 1, 2 * index), nodeAt(leaves, level - 1, 2 * index + 1));
}

/** A directory with a TLS identity and a policy that lists the log, and witnesses started on it. */
export async function witnessWorld(logVkey: string) {
  const directory = mkdtempSync(join(tmpdir(), 'mnv-witness-'));
  const file = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const authority = createAuthority({ deployment: 'test', profile: 'development' });
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = issueCertificate({
    authority,
    publicKey,
    subject: 'witness',
    uris: [],
    dns: ['localhost'],
    usage: 'server',
    days: 1,
  });
  const paths = {
    data: join(directory, 'data'),
    policy: file('policy.txt', `log ${logVkey}\nquorum none\n`),
    certificate: file('certificate.pem', certificate),
    key: file('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  };
  const running = new Set<ChildProcess>();

  async function start(): Promise<WitnessProcess> {
    const port = await freePort();
    const args = Object.entries({ ...paths, name: WITNESS_NAME, port: String(port) }).flatMap(
      ([name, value]) => [`--${name}`, value],
    );
    const child = spawn(process.execPath, [MAIN, 'witness', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: COMPILED_CODE,
    });
    running.add(child);
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    return {
      vkey: first.toString().trim().split('\n').at(-1) ?? '',
      send: (body) => post(port, authority.certificatePem, body),
      kill: async () => {
        child.kill('SIGKILL');
        await once(child, 'exit');
        running.delete(child);
      },
    };
  }

  return {
    paths,
    start,
    close: async () => {
      for (const child of running) child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function post(port: number, ca: string, body: string): Promise<WitnessAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(
      { host: 'localhost', port, path: '/add-checkpoint', method: 'POST', ca, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    call.on('error', reject).end(body);
  });
}
