import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { openArchive } from '../src/open-archive.ts';
import { directoryArchive } from '../src/directory-archive.ts';
import { s3Archive } from '../src/s3-archive.ts';
import type { S3Fake } from './contract/s3-fake.ts';
import { startS3 } from './contract/s3-fake.ts';
import { describeArchiveStore } from './contract/store-contract.ts';

const place = mkdtempSync(join(tmpdir(), 'archive-'));
let s3: S3Fake;
beforeAll(async () => {
  s3 = await startS3({ objectLock: true });
});
afterAll(async () => {
  s3.client.destroy();
  await s3.close();
  rmSync(place, { recursive: true });
});

const inBucket = () => s3Archive({ client: s3.client, bucket: 'logs', prefix: 'access/' });

describeArchiveStore('a directory', () => directoryArchive(place));
describeArchiveStore('a bucket', inBucket);

describe('an archive in a directory', () => {
  it('leaves files that nobody writes to, and no other', async () => {
    const store = directoryArchive(join(place, 'alone'));
    await store.put('one', Buffer.from('x'), new Date());
    await store.put('one', Buffer.from('y'), new Date());

    expect(readdirSync(join(place, 'alone'))).toEqual(['one']);
    expect(statSync(join(place, 'alone', 'one')).mode & 0o777).toBe(0o400);
    expect(store.enforcesRetention).toBe(false);
  });
});

describe('an archive in a bucket', () => {
  it('has every object kept until its day, against everybody', async () => {
    const until = new Date(Date.now() + 3_600_000);
    await inBucket().put('kept', Buffer.from('x'), until);

    expect(await inBucket().retainedUntil('kept')).toEqual(until);
    const wanted = new DeleteObjectCommand({ Bucket: 'logs', Key: 'access/kept' });
    await expect(s3.client.send(wanted)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(s3.objects.get('/logs/access/kept')?.lockMode).toBe('COMPLIANCE');
  });

  it('stores nothing where the bucket keeps nothing', async () => {
    const unlocked = await startS3({ objectLock: false });
    const store = s3Archive({ client: unlocked.client, bucket: 'logs' });

    await expect(store.put('one', Buffer.from('x'), new Date())).rejects.toMatchObject({
      name: 'InvalidRequest',
    });

    expect(unlocked.objects.size).toBe(0);
    unlocked.client.destroy();
    await unlocked.close();
  });

  it('is named by its address', async () => {
    expect((await openArchive('s3://bucket-1/prefix/', '/')).enforcesRetention).toBe(true);
    expect((await openArchive('s3://bucket-1', '/')).enforcesRetention).toBe(true);
    expect((await openArchive('archive', place)).enforcesRetention).toBe(false);
    await expect(openArchive('s3://Bucket', '/')).rejects.toThrow('An archive is');
    await expect(openArchive('s3://bucket-1/no-slash', '/')).rejects.toThrow('An archive is');
  });
});
