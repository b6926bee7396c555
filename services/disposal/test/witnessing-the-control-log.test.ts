import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKysely, createLogger } from '@mnv/service-kit';
import { createTestDatabase } from '@mnv/testing';
import type { TestDatabase } from '@mnv/testing';
import { parsePolicy } from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';
import winston from 'winston';
import type { DisposalDatabase } from '../src/database.ts';
import { witnessControlLog } from '../src/witness/witness-control-log.ts';
import { controlKey, writtenControlLog } from './written-control-log.ts';

const FILES = '/internal/control-log/';
const policy = parsePolicy(`log ${controlKey.vkey}\nquorum none\n`);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('disposal');
});
afterAll(() => database.drop());

/** What a service that has just begun says when the vault shows this log once: alarms, and what it handed over. */
async function saidOf(fetch: FetchFile) {
  const handed = Promise.withResolvers<{ seen: string }>();
  const vault = {
    json: async (path: string, body: unknown) => {
      if (path === `${FILES}memory`) {
        handed.resolve(body as { seen: string });
        return { status: 200, body: {} };
      }
      const file = await fetch(path.slice(FILES.length));
      if (!file) return { status: 404, body: undefined };
      const text = Buffer.from(file);
      return { status: 200, body: { note: text.toString(), file: text.toString('base64') } };
    },
  };
  const written = new PassThrough();
  const transports = [new winston.transports.Stream({ stream: written })];
  const db = createKysely<DisposalDatabase>(database.pool('disposal_service'));
  const log = createLogger({ service: 'disposal', transports });
  const { following } = witnessControlLog({
    deployment: 'test',
    db,
    vault,
    policy,
    witnesses: [],
    log,
  });
  following.start();
  const { seen } = await handed.promise;
  await following.stop();
  return { size: Number(seen.split('\n')[1]), said: String(written.read() ?? '') };
}

describe('the disposal service as a witness of the control log', () => {
  it('takes a log that goes on from what it has seen', async () => {
    for (const entries of [['a'], ['a', 'b', 'c']])
      expect(await saidOf(await writtenControlLog(...entries))).toEqual({
        size: entries.length,
        said: '',
      });
  });

  it.each([
    ['went back', ['a', 'b']],
    ['became another', ['a', 'b', 'x']],
    ['became another and grew', ['a', 'x', 'c', 'd']],
  ])(
    'raises the alarm after a restart when the log %s, and tells the vault what it saw',
    async (_what, entries) => {
      const { size, said } = await saidOf(await writtenControlLog(...entries));
      expect(size).toBe(3);
      expect(said).toContain('the control log contradicts what was seen of it');
    },
  );
});
