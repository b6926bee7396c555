import { describe, expect, it } from '@jest/globals';
import type { Command, Values } from '../src/command.ts';
import { runProgram } from '../src/run-program.ts';

const seen: { values: Values; positionals: readonly string[] }[] = [];
const APPROVE: Command = {
  name: 'approve',
  summary: 'For this test.',
  positionals: ['DISPOSAL'],
  options: {
    batch: { type: 'string', value: 'HASH', help: 'The hash.', required: true },
    as: { type: 'string', value: 'PERSON', help: 'The person.' },
    json: { type: 'boolean', help: 'As JSON.' },
  },
  run: async (args) => {
    seen.push(args);
    return 0;
  },
};

async function typed(...args: string[]) {
  const printed = { err: '' };
  const exitCode = await runProgram(['approve', ...args], [APPROVE], {
    workingDirectory: '.',
    out: () => undefined,
    err: (text) => void (printed.err += text),
    errIsTerminal: false,
    now: Date.now,
  });
  return { exitCode, ...printed };
}

describe('what is typed after a command', () => {
  it.each(['-hash', '--hash', '-j', '-', 'hash', '--batches'])(
    'is a value behind an option that takes one: %s',
    async (hash) => {
      const results = [
        await typed('id', '--batch', hash, '--as', 'a', '--json'),
        await typed(`--batch=${hash}`, '--json', '--as', 'a', 'id'),
      ];

      expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      const values = { batch: hash, as: 'a', json: true };
      expect(seen.splice(0)).toMatchObject([
        { values, positionals: ['id'] },
        { values, positionals: ['id'] },
      ]);
    },
  );

  it.each([
    ['--batch needs a value', ['id', '--as', 'a', '--batch']],
    ['--batch needs a value', ['id', '--batch', '--as', 'a']],
    ['--batch needs a value', ['id', '--batch', '--json']],
    ['--batch is missing', ['id', '--as', 'a']],
    ['An option is unknown', ['id', '--batch', 'h', '--bach', 'h']],
    ['Give DISPOSAL', ['--batch', 'h']],
  ])('is answered with "%s"', async (sentence, args) => {
    const { exitCode, err } = await typed(...args);

    expect(exitCode).toBe(2);
    expect(err).toContain(sentence);
    expect(seen).toEqual([]);
  });
});
