import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { COMPILED_CODE } from '@mnv/testing';

const PROGRAM = join(import.meta.dirname, 'scripted-service.ts');

/** Runs the scripted service to its end; `signal` is sent once it has started. */
async function run(script: string | undefined, signal?: 'SIGTERM' | 'SIGINT') {
  const env = { ...COMPILED_CODE, ...(script !== undefined && { SCRIPT: script }) };
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'close');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (signal !== undefined && line.includes('"started"')) child.kill(signal);
  }
  const [code] = (await exited) as [number | null];
  const log = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, log, text: lines.join('\n'), events: log.map(({ message }) => message) };
}

describe('a running service', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('finishes and ends with 0 on %s', async (signal) => {
    const { code, events } = await run('runs', signal);

    expect(events).toEqual(['started', 'stopping', 'closed']);
    expect(code).toBe(0);
  });

  it.each(['throws later', 'rejects later'])(
    'stops in order and ends with 1 when something %s, without its text',
    async (script) => {
      const { code, log, text } = await run(script);

      expect(log).toContainEqual(
        expect.objectContaining({
          message: 'uncaught error',
          errorName: 'Error',
          errorCode: 'E_TEST',
        }),
      );
      expect(text).toContain('"closed"');
      expect(text).not.toContain('secret');
      expect(code).toBe(1);
    },
  );

  it.each(['never closes', 'fails to close'])('ends with 1 when it %s', async (script) => {
    const { code, events } = await run(script, 'SIGTERM');

    expect(events).toEqual(['started', 'stopping']);
    expect(code).toBe(1);
  });
});

describe('a service that cannot start', () => {
  it.each([undefined, 'a secret value'])(
    'names the setting at fault and shows no value: %s',
    async (script) => {
      const { code, log, text } = await run(script);

      expect(log).toEqual([
        expect.objectContaining({
          message: 'refused to start',
          settings: 'SCRIPT',
          reason: 'missing or not valid',
        }),
      ]);
      expect(text).not.toContain('secret');
      expect(code).toBe(1);
    },
  );

  it('tells the code of another fault and not its text', async () => {
    const { code, log, text } = await run('cannot start');

    expect(log).toEqual([
      expect.objectContaining({ message: 'refused to start', errorCode: 'E_TEST' }),
    ]);
    expect(text).not.toContain('secret');
    expect(code).toBe(1);
  });
});
