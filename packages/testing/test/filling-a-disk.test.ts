import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { canMountSmallDisk, createTestDatabase, mountSmallDisk } from '../src/index.ts';

const whenAble = canMountSmallDisk() ? it : it.skip;

whenAble(
  'a small disk takes nothing more when it is filled, and takes it again when it is freed',
  async () => {
    const disk = mountSmallDisk({ mebibytes: 2 });
    const file = join(disk.directory, 'file');
    await disk.fill();
    await expect(writeFile(file, 'text')).rejects.toMatchObject({ code: 'ENOSPC' });
    await disk.free();
    await writeFile(file, 'text');
    expect(await readFile(file, 'utf8')).toBe('text');
    disk.remove();
    expect(existsSync(disk.directory)).toBe(false);
  },
);

whenAble('a database that was moved to it has no room when it is full', async () => {
  const disk = mountSmallDisk({ mebibytes: 48 });
  const database = await createTestDatabase('vault');
  await database.moveTo(disk.directory);
  const owner = database.pool('postgres', { max: 1 });
  await owner.query('create table vault.filling (text text)');
  await disk.fill();
  const grow = () =>
    owner.query("insert into vault.filling select repeat('x', 1000) from generate_series(1, 1000)");
  await expect(grow()).rejects.toMatchObject({ code: '53100' });
  await disk.free();
  expect((await grow()).rowCount).toBe(1000);
  await database.drop();
  disk.remove();
});
