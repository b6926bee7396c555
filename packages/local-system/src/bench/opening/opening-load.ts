import { randomInt, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { IndividualNumber } from '@mnv/core';
import {
  MAX_ALLOCATION,
  createKeyTree,
  individualNumberBlock,
  sealRecord,
} from '@mnv/erasure-tree';
import { createKysely, createPool } from '@mnv/service-kit';
import { makeIndividualNumber } from '@mnv/testing';
// How the vault opens numbers is no export of it: only measurements take it out of that process.
import { keyTreeRepository } from '../../../../../services/vault/src/key-tree.repository.ts';
import type { VaultDatabase } from '../../../../../services/vault/src/database.ts';
import { makeOpenNumbers } from '../../../../../services/vault/src/open-numbers.ts';
import type { SealedNumber } from '../../../../../services/vault/src/open-numbers.ts';
import { CHUNK_RECORDS, TENANT } from '../load/load-job.ts';
import { timed } from '../load/timed.ts';
import { scratchRoot } from '../scratch-root.ts';
import { serveJobs } from '../worker.ts';
import { plainAes } from './baseline-plain-aes.ts';
import type { OpeningAnswer, OpeningJob, Spread } from './opening-job.ts';

// The process that opens. Its argument is the address of the key tree's database.
const [, , connectionString = ''] = process.argv;
const DEPLOYMENT = 'bench';
const BLOCK_BYTES = 32;

const pool = createPool({
  setting: 'the address of the key tree of the measurement',
  connectionString,
  max: 1,
  applicationName: 'bench',
});
const store = keyTreeRepository(createKysely<VaultDatabase>(pool));
const tree = createKeyTree({ store, root: scratchRoot(), deployment: DEPLOYMENT });
const openNumbers = makeOpenNumbers({
  tree,
  deployment: DEPLOYMENT,
  reportDamage: () => {
    throw new Error('a number did not open');
  },
});
const sealed: SealedNumber[] = [];
const openPlainly = plainAes(CHUNK_RECORDS, BLOCK_BYTES);

serveJobs((job: OpeningJob): Promise<OpeningAnswer> => {
  if (job.kind === 'fill') return timed(job.records, () => fill(job.records));
  if (job.kind === 'open') return timed(job.items, () => open(job.spread, job.items));
  return timed(job.items, async () => openPlainly(job.items));
});

async function fill(records: number): Promise<void> {
  await tree.initialise();
  await store.transaction((tx) => tree.addTenant(TENANT, tx));
  while (sealed.length < records) {
    const count = Math.min(MAX_ALLOCATION, records - sealed.length);
    const given = await store.transaction((tx) => tree.allocate(TENANT, count, tx));
    for (const { position, key } of given) sealed.push(sealNew(position, key));
  }
}

function sealNew(position: number, dek: KeyObject): SealedNumber {
  const number = IndividualNumber.parse(makeIndividualNumber());
  if (!number) throw new Error('a number that was made is none');
  const recordId = randomUUID();
  const ids = { deployment: DEPLOYMENT, tenantId: TENANT, recordId, position };
  const aad = { ...ids, field: 'individual-number', schema: 1 } as const;
  const blob = sealRecord({ dek, aad, plaintextBlock: individualNumberBlock(number) });
  return { recordId, position, blob };
}

async function open(spread: Spread, items: number): Promise<void> {
  for (let done = 0; done < items; done += CHUNK_RECORDS) {
    const opened = await openNumbers(TENANT, batchOf(spread));
    for (const outcome of opened.values())
      if (typeof outcome === 'string') throw new Error('a number did not open');
  }
}

function batchOf(spread: Spread): SealedNumber[] {
  const from = randomInt(sealed.length - CHUNK_RECORDS + 1);
  if (spread === 'stored-together') return sealed.slice(from, from + CHUNK_RECORDS);
  const stride = Math.floor(sealed.length / CHUNK_RECORDS);
  return Array.from(
    { length: CHUNK_RECORDS },
    (_, at) => sealed[at * stride + (from % stride)] as SealedNumber,
  );
}
