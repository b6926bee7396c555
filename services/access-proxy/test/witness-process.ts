import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, issueCertificate } from '@mnv/pki';
import { COMPILED_CODE, freePort } from '@mnv/testing';
import { parseVerifierKey } from '@mnv/transparency-log';
import { createWitnessClient } from '@mnv/service-kit';

const PROGRAM = new URL('../../../packages/cli/src/main.ts', import.meta.url).pathname;

/** The real witness, as its own process on its own directory; it can be killed and come back. */
export async function witnessProcess(logVkey: string, name = 'local') {
  const directory = mkdtempSync(join(tmpdir(), 'mnv-witness-'));
  const authority = createAuthority({ deployment: 'test', profile: 'development' });
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = { subject: 'witness', uris: [], dns: ['localhost'], usage: 'server' as const };
  const files = {
    certificate: issueCertificate({ authority, publicKey, ...names, days: 1 }),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    policy: `log ${logVkey}\nquorum none\n`,
  };
  const port = String(await freePort());
  const args = [
    '--name',
    `${name}.witness.test`,
    '--data',
    join(directory, 'data'),
    '--port',
    port,
  ];
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(directory, name), text, { mode: 0o600 });
    args.push(`--${name}`, join(directory, name));
  }

  let child: ChildProcess | undefined;
  async function start(): Promise<string> {
    child = spawn(process.execPath, [PROGRAM, 'witness', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: COMPILED_CODE,
    });
    if (child.stdout === null) throw new Error('the witness has no output');
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    return first.toString().trim().split('\n').at(-1) ?? '';
  }
  async function kill(): Promise<void> {
    if (child === undefined || child.signalCode !== null || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  const vkey = await start();
  const url = `https://localhost:${port}`;
  const named = { name, key: parseVerifierKey(vkey), url };
  return {
    vkey,
    url,
    client: createWitnessClient(named, authority.certificatePem),
    kill,
    start,
    close: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
