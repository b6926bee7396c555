import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SHORT_DRAIN } from '../short-drain.ts';
import { countNumberLike } from './number-like.ts';
import { killAllPrograms, processesOf, run, until } from './running-program.ts';

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'mnv-demo-'));
});
afterEach(() => {
  killAllPrograms();
  rmSync(temporary, { recursive: true, force: true });
});

const demo = (args: readonly string[], environment: Record<string, string> = {}) =>
  run('demo.ts', args, { TMPDIR: temporary, ...environment });

/** Where the demo's cluster lives: below its data, or where the pointer in its place says. */
function clusterDirectory(): string {
  const data = readdirSync(temporary).find((name) => /^mynumber-vault-[^-]+$/.test(name)) ?? '';
  const place = join(temporary, data, 'postgres');
  return statSync(place).isFile() ? readFileSync(place, 'utf8').trim() : place;
}

/** The company's file, once it is there. */
async function companyFile(): Promise<string> {
  let found: string | undefined;
  await until(() => {
    found = readdirSync(temporary)
      .filter((name) => name.startsWith('mynumber-vault-run-'))
      .map((name) => join(temporary, name, 'company.csv'))
      .find((file) => existsSync(file));
    return found !== undefined;
  });
  return found ?? '';
}

describe('npm run demo', () => {
  it('takes in a company, runs payroll, proves every release, and leaves nothing', async () => {
    const program = demo(['--json', '--people', '40']);
    expect(await program.ended).toBe(0);

    const lines = program.out().trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      people: 40,
      imported: 40,
      disclosed: 40,
      accessEntries: 40,
      refused: { wrongPurpose: 1, otherTenant: 1, untrained: 1, unknownRecord: 1 },
      receiptsVerified: 40,
      log: { size: expect.any(Number), verified: true },
      disposed: 20,
      certificate: { stage: 'erased', verified: true },
      seconds: expect.objectContaining({ start: expect.any(Number), total: expect.any(Number) }),
    });
    for (const kind of ['wrongPurpose', 'otherTenant', 'untrained', 'unknownRecord']) {
      expect(program.err()).toMatch(new RegExp(`^${kind} .* deny:[a-z-]+$`, 'm'));
    }
    expect(countNumberLike(program.out() + program.err())).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
    expect(processesOf(temporary)).toEqual([]);
  }, 600_000);

  it('lives a year of a tenant, and disposes of what is due at its end', async () => {
    const program = demo(['--year', '--json', '--people', '40'], SHORT_DRAIN);
    expect(await program.ended).toBe(0);

    const year = JSON.parse(program.out()) as Record<string, unknown> & { due: number };
    expect(year).toMatchObject({ people: 40, hired: 4, disclosed: 40 });
    expect(year['disposed']).toBe(year.due);
    expect(year.due).toBeGreaterThan(0);
    expect(year['certificates']).toEqual([{ number: 1, verified: true, acknowledged: true }]);
    expect(countNumberLike(program.out() + program.err())).toBe(0);
  }, 600_000);

  it('removes the numbers and its data when Ctrl-C comes in the middle of the import', async () => {
    const program = demo(['--people', '20000']);
    const file = await companyFile();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const cluster = clusterDirectory();

    program.kill('SIGINT');

    expect(await program.ended).toBe(130);
    expect(existsSync(cluster)).toBe(false);
    await until(() => readdirSync(temporary).length === 0);
    await until(() => processesOf(temporary).length === 0);
  }, 600_000);

  it('removes them as well when it is killed', async () => {
    const program = demo(['--people', '20000']);
    const file = await companyFile();
    const cluster = clusterDirectory();

    program.kill('SIGKILL');

    expect(await program.ended).toBeNull();
    await until(() => !existsSync(file));
    await until(() => processesOf(temporary).length === 0);
    await until(() => readdirSync(temporary).length === 0 && !existsSync(cluster));
  }, 600_000);

  it('says in one sentence what is wrong with an option, and starts nothing', async () => {
    for (const args of [['--people', '3'], ['--use', 'nowhere.json'], ['--unknown']]) {
      const program = demo(args);
      expect(await program.ended).toBe(1);
      expect(program.err()).toMatch(/^mynumber-vault: [^\n]+\n$/);
      expect(program.out()).toBe('');
    }
  });
});
