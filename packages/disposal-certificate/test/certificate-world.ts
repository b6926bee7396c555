import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createFileRoot,
  createKeyTree,
  erasureEpoch,
  mapHeadBefore,
  mapHeadHash,
  memoryStore,
  proveSlots,
  rootLabel,
} from '@mnv/erasure-tree';
import type { ErasedSlot, MapHead, ProvenSlot } from '@mnv/erasure-tree';
import { batchHashOf, commitTo, disposalActorText, manifestHashOf } from '@mnv/protocol';
import { logVerifierKey, openTileLog, parsePolicy } from '@mnv/transparency-log';
import { certificateKeyName, issueCertificate } from '../src/index.ts';
import type {
  CertificateSources,
  EvidenceEgress,
  EvidenceHead,
  EvidenceItem,
} from '../src/index.ts';
import { mapHeadAsEvidence, slotProofAsEvidence } from '../src/index.ts';
import { controlLog } from './control-log.ts';
import type { ControlLog } from './control-log.ts';

export const deployment = 'test';
export const tenantId = 't-001';
export const START = Date.parse('2027-01-12T02:00:00.000Z');
const MINUTE = 60_000;
const free = async () => undefined;

export type WorldOptions = {
  /** Records of the tenant. */
  stored: number;
  /** Which of them are disposed of, by the order in which they were stored. */
  disposed: readonly number[];
  /** Whether the tree grows a level while the epoch runs. */
  grows?: boolean;
  /** Whether the vault's database was restored before the epoch, in the life of all records. */
  restored?: boolean;
};

/** A deployment that has disposed of a batch: its key tree, its control log, its keys, its evidence. */
export type World = {
  readonly log: ControlLog;
  readonly head: EvidenceHead;
  readonly items: EvidenceItem[];
  readonly certificateKey: ReturnType<typeof generateKeyPairSync>['privateKey'];
  /** As an auditor has it: certificate key, control log, one witness. */
  readonly policyText: string;
  sources(): Promise<CertificateSources>;
  issue(): Promise<{ jws: string; digest: string }>;
};

export async function disposedWorld(options: WorldOptions): Promise<World> {
  const log = controlLog(deployment, START);
  const tree = await erasedTree(options, log);
  const { privateKey: certificateKey } = generateKeyPairSync('ed25519');
  const vkey = logVerifierKey(certificateKeyName(deployment), certificateKey);
  const policyText = `log ${vkey}\n${log.policyLines}`;
  const policy = parsePolicy(policyText, { origins: 'key-name-or-below' });
  const { head, items } = tree;
  const sources = async (): Promise<CertificateSources> => {
    const { fetch } = await log.publish();
    const tiles = await openTileLog(fetch, (note) => policy.verify(note));
    return { head, items, controlLog: tiles, issuedAt: log.now() };
  };
  const issue = async () => {
    const issued = await issueCertificate(await sources(), { privateKey: certificateKey, policy });
    log.append({
      op: 'certificate.issued',
      batch: head.batchHash,
      certificate: issued.digest,
    });
    return issued;
  };
  return { log, head, items, certificateKey, policyText, sources, issue };
}

type Person = { iss: string; sub: string };
const person = (sub: string): Person => ({ iss: 'https://id.example', sub });

/** The epoch as the vault runs it, told to the control log step by step. */
async function erasedTree(options: WorldOptions, log: ControlLog) {
  const store = memoryStore();
  const directory = await mkdtemp(join(tmpdir(), 'mnv-root-'));
  const keyFile = join(directory, 'root.key');
  await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
  const root = createFileRoot({ file: join(directory, 'roots'), keyFile });
  const keys = createKeyTree({ store, root, deployment });
  await keys.initialise();
  const give = async (tenant: string, count: number) => {
    const positions: number[] = [];
    for (let left = count; left > 0; left -= 512) {
      const given = await store.transaction((tx) => keys.allocate(tenant, Math.min(left, 512), tx));
      positions.push(...given.map(({ position }) => position));
    }
    return positions;
  };
  for (const tenant of ['t-000', tenantId])
    await store.transaction((tx) => keys.addTenant(tenant, tx));
  const others = await give('t-000', 70);
  const mine = await give(tenantId, options.stored);
  const [rootFrom, rootTo] = [rootLabel(deployment, 1), rootLabel(deployment, 2)];
  log.append({ op: 'root.created', root: rootFrom, epoch: 1, map: hash() });
  log.append({ op: 'checkpoint.seen', origin: 'test/access/one', size: 9, root: hash() });

  const restoredAt = options.restored ? restore(log) : undefined;
  const positions = options.disposed.map((at) => mine[at] as number);
  const recordIds = positions.map(() => randomUUID());
  const batchHash = batchHashOf(recordIds);
  const otherBatch = batchHashOf([randomUUID()]);
  const asked = (by: Person) => commitTo(disposalActorText({ ...by, tenantId }));
  const people = ['requester', 'approver-1', 'approver-2'].map(person) as [Person, Person, Person];
  const opened = people.map((one) => ({ ...one, ...asked(one) }));
  const [requester, first, second] = opened as [Opened, Opened, Opened];
  const count = recordIds.length;
  const requested = log.append({
    op: 'disposal.requested',
    batch: batchHash,
    cnt: count,
    by: requester.commitment,
  });
  log.append({ op: 'disposal.requested', batch: otherBatch, cnt: 1, by: hash() });
  log.wait(2 * 60 * MINUTE);
  const approve = (batch: string, by: string) => log.append({ op: 'disposal.approved', batch, by });
  for (const by of [hash(), hash()]) approve(otherBatch, by);
  const approved: [number, number] = [
    approve(batchHash, first.commitment),
    approve(batchHash, second.commitment),
  ];

  log.append({ op: 'checkpoint.seen', origin: 'test/access/one', size: 10, root: hash() });
  const items = new Map([
    [tenantId, positions],
    ['t-000', others.slice(0, 1)],
  ]);
  const before = await mapHeadBefore(keys.parts, { items }, free);
  const live = await proofsOf(store, before, positions);
  const leaves = [otherBatch, batchHash];
  log.wait(MINUTE);
  const intent = log.append({
    op: 'erasure.intent',
    epoch: 2,
    manifest: manifestHashOf(leaves),
    cnt: count + 1,
    map: mapHeadHash(before).toString('base64url'),
    root: rootFrom,
  });
  const slots = new Map<string, ErasedSlot>();
  let after: MapHead | undefined;
  const hooks = {
    fence: free,
    erased: async (erased: readonly ErasedSlot[]) => {
      for (const slot of erased) slots.set(`${slot.tenantId}/${slot.position}`, slot);
    },
    flipped: async ({ mapHead }: { mapHead: MapHead }) => {
      after = mapHead;
    },
  };
  const epoch = erasureEpoch(keys.parts, { epoch: 2, intentIndex: intent, items }, hooks);
  await epoch.next();
  const rootCreated = log.append({ op: 'root.created', root: rootTo, epoch: 2, map: hash() });
  if (options.grows) await give(tenantId, 64 * 64);
  for (let did = ''; did !== 'nothing'; ) ({ did } = await epoch.next());
  const mapAfter = after as MapHead;
  const gone = await proofsOf(store, mapAfter, positions);
  const flipped = log.append({
    op: 'erasure.flipped',
    epoch: 2,
    root: rootTo,
    map: mapHeadHash(mapAfter).toString('base64url'),
  });
  await root.disable(rootFrom);
  log.append({ op: 'root.disabled', root: rootFrom, epoch: 1 });
  const fenced = log.append({ op: 'erasure.fenced', epoch: 2, cnt: 2 });
  const erased = log.append({ op: 'erasure.erased', epoch: 2, cnt: count + 1 });
  await rm(directory, { recursive: true });

  const head: EvidenceHead = {
    v: 1,
    deployment,
    disposalId: randomUUID(),
    tenantId,
    caseId: 'DISPOSAL-2027-01',
    batchHash,
    count,
    epoch: 2,
    manifest: { leaves, at: 1 },
    by: {
      requested: opening(requester, requested),
      approved: [opening(first, approved[0]), opening(second, approved[1])],
    },
    indices: { requested, approved, intent, rootCreated, flipped, fenced, erased },
    mapBefore: mapHeadAsEvidence(before),
    mapAfter: mapHeadAsEvidence(mapAfter),
    roots: [
      {
        ref: rootFrom,
        epoch: 1,
        status: 'disabled',
        kind: 'file',
        assurance: 'none',
        destroyAt: START + 7 * 24 * 60 * MINUTE,
      },
      { ref: rootTo, epoch: 2, status: 'enabled', kind: 'file', assurance: 'none' },
    ],
    rootFrom,
    rootTo,
  };
  return { head, items: recordIds.map((recordId, at) => itemOf(recordId, at)) };

  function itemOf(recordId: string, at: number): EvidenceItem {
    const position = positions[at] as number;
    const { tree, proof } = live.get(position) as ProvenSlot;
    const slot = slots.get(`${tenantId}/${position}`) as ErasedSlot;
    return {
      recordId,
      tree,
      position,
      dekCommitment: slot.dekCommitment.toString('base64url'),
      before: slotProofAsEvidence(proof),
      after: slotProofAsEvidence((gone.get(position) as ProvenSlot).proof),
      egress: { ...egressOf(at), ...(restoredAt !== undefined && { mayLackBefore: restoredAt }) },
    };
  }

  function egressOf(at: number): EvidenceEgress {
    return at % 3 === 0
      ? { releases: 0, numbers: 0, firstAt: null, lastAt: null, recipients: [] }
      : {
          releases: 2,
          numbers: 3,
          firstAt: START - 900 * MINUTE,
          lastAt: START - 30 * MINUTE,
          recipients: [
            { act: 'payroll', sub: 'operator-1', count: 2 },
            { act: 'payroll', sub: 'operator-2', count: 1 },
          ],
        };
  }
}

/** Two persons reconcile the restored rows; gives the instant after. */
function restore(log: ControlLog): number {
  log.append({ op: 'restore.detected', epoch: 1, size: 2 });
  log.append({ op: 'restore.reconciled', epoch: 1, map: hash(), cnt: 0 });
  return log.now();
}

type Opened = Person & { commitment: string; nonce: string };

function opening({ iss, sub, nonce }: Opened, index: number) {
  return { iss, sub, nonce, index };
}

async function proofsOf(
  store: ReturnType<typeof memoryStore>,
  head: MapHead,
  positions: readonly number[],
): Promise<Map<number, ProvenSlot>> {
  const proofs = new Map<number, ProvenSlot>();
  for await (const proven of proveSlots(store, head, { tenantId, positions }))
    proofs.set(proven.position, proven);
  return proofs;
}

export const hash = () => randomBytes(32).toString('base64url');
