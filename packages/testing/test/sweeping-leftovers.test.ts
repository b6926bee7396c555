import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RUN_PREFIX, runDirectory, sweepLeftovers } from '../src/sweep-leftovers.ts';

const runHome = (pid: number) => mkdtemp(join(runDirectory(), `${RUN_PREFIX}${pid}-`));
const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('sweeping up after earlier test runs', () => {
  it('removes what a killed run left and nothing of a living one', async () => {
    const child = spawn('/bin/true');
    await once(child, 'exit');
    const [dead, alive] = [await runHome(child.pid ?? 0), await runHome(process.pid)];
    await writeFile(join(dead, 'cluster.json'), '{}');

    await sweepLeftovers();

    expect([await isThere(dead), await isThere(alive)]).toEqual([false, true]);
    await rm(alive, { recursive: true });
  });
});
