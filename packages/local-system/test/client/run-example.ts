import { spawn } from 'node:child_process';
import { COMPILED_CODE, leakTripwire } from '@mnv/testing';

const EXAMPLES = new URL('../../../client/examples/', import.meta.url).pathname;

/** Runs an example of the client as its README says, and returns the JSON it prints. */
export async function runExample(name: string, args: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [`${EXAMPLES}${name}.ts`, ...args], { env: COMPILED_CODE });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  leakTripwire().watch(name, out + err);
  if (exitCode !== 0 || err !== '') throw new Error(`${name} ended with ${exitCode}: ${err}`);
  return JSON.parse(out);
}
