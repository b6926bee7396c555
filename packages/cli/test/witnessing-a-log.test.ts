import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addCosignatures, newLogKey, openNote } from '@mnv/transparency-log';
import {
  KEY_NAME,
  ORIGIN,
  WITNESS_NAME,
  type WitnessProcess,
  makeLog,
  witnessWorld,
} from './witness-world.ts';

const key = newLogKey(KEY_NAME);
const log = makeLog(key);
let world: Awaited<ReturnType<typeof witnessWorld>>;
let witness: WitnessProcess;

beforeAll(async () => {
  world = await witnessWorld(log.vkey);
  witness = await world.start();
});
afterAll(() => world.close());

const headFolder = () =>
  join(world.paths.data, 'heads', createHash('sha256').update(ORIGIN).digest('hex'));

describe('a witness', () => {
  it('cosigns the first checkpoint of a log, so that its cosignature verifies by its verifier key', async () => {
    const { status, body } = await witness.send(log.step(0, 5));

    expect(status).toBe(200);
    const note = addCosignatures(log.checkpoint(5), body, [witness.vkey]);
    const [cosignature] = openNote(note, [witness.vkey]).verified;
    expect(cosignature?.name).toBe(WITNESS_NAME);
    expect(cosignature?.timestamp ?? 0).toBeGreaterThan(1_700_000_000);
  });

  it('cosigns what extends it, and the same again', async () => {
    expect((await witness.send(log.step(5, 9))).status).toBe(200);
    expect((await witness.send(log.step(9, 9))).status).toBe(200);
  });

  it('answers with the size it knows when the log begins elsewhere', async () => {
    expect(await witness.send(log.step(5, 12))).toEqual({ status: 409, body: '9\n' });
    expect(await witness.send(log.step(0, 12))).toEqual({ status: 409, body: '9\n' });
  });

  it('refuses a fork, at the same size and behind it', async () => {
    expect((await witness.send(log.step(9, 9, 'other'))).status).toBe(409);
    expect((await witness.send(log.step(9, 14, 'other'))).status).toBe(422);
  });

  it('refuses a log it was not told of, a note of another key, and what is no message', async () => {
    const stranger = makeLog();
    const unknown = log.step(9, 12).replaceAll(ORIGIN, 'example/elsewhere/log-1');

    expect((await witness.send(unknown)).status).toBe(404);
    expect((await witness.send(stranger.step(9, 12))).status).toBe(403);
    expect((await witness.send('old nine\n\n')).status).toBe(400);
    expect((await witness.send('x'.repeat(70_000))).status).toBe(413);
  });

  it('remembers after it was killed', async () => {
    const before = witness.vkey;
    await witness.kill();
    witness = await world.start();

    expect(witness.vkey).toBe(before);
    expect(await witness.send(log.step(0, 4, 'other'))).toEqual({ status: 409, body: '9\n' });
    expect((await witness.send(log.step(9, 12))).status).toBe(200);
  });
});

describe('two witnesses that share a directory', () => {
  it('cosign one beginning of a log, of forty that they are shown at once', async () => {
    const young = makeLog(key, `${KEY_NAME}/log-2`);
    const second = await world.start();
    const asked = Array.from({ length: 40 }, (_, at) =>
      (at % 2 ? witness : second).send(young.step(0, 8, `branch-${at}`)),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    await second.kill();

    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(39);
  });
});

describe('a witness whose memory was changed', () => {
  it('cosigns nothing for that log', async () => {
    const newest = readdirSync(headFolder()).sort().at(-1) ?? '';
    const path = join(headFolder(), newest);
    writeFileSync(path, readFileSync(path, 'utf8').replace('\n12\n', '\n11\n'));

    expect((await witness.send(log.step(12, 21))).status).toBe(500);
    expect((await witness.send(log.step(11, 21))).status).toBe(500);
  });
});
