import { createHash } from 'node:crypto';
import type { DisposalCertificate } from '../src/index.ts';

type Maps = DisposalCertificate['maps'];
type CertificateMap = Maps['before'];
type MapNode = CertificateMap['nodes'][number];
type Slots = { slot: number; hash: Buffer }[];

/** What a vault that lies about its key tree says of the nodes in one of the two maps. */
export type Lie = { when: keyof Maps; nodes?: (map: CertificateMap) => MapNode[]; head?: object };

/**
 * The maps of a certificate with other nodes in one of them, truly hashed up to a head of their own: what a vault
 * can publish of a tree that it treated otherwise. Written after docs/certificate.md, not after our code.
 */
export function mapsWith(
  certificate: DisposalCertificate,
  { when, nodes = (map) => map.nodes, head: said }: Lie,
): Maps {
  const map = certificate.maps[when];
  const told = { ...map, nodes: nodes(map) };
  // The level of the tree's top is that of the node below the tenant's.
  const height = 1 + Math.max(...told.nodes.filter(isOfKeyTree).map(({ level }) => level));
  const head = { ...map.head, ...headOver(certificate, when, { ...told, height }), ...said };
  return { ...certificate.maps, [when]: { ...told, height, head } };
}

/** `map` of a control entry. */
export function hashOfHead({ epoch, rootRef, topKeyCommitment, nodeHash }: CertificateMap['head']) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(rootRef.length);
  return hash(6, [u32(epoch), length, rootRef, bytes(topKeyCommitment), bytes(nodeHash)]).toString(
    'base64url',
  );
}

function headOver(
  { items, epoch, indices, tree }: DisposalCertificate,
  when: keyof Maps,
  { nodes, height }: CertificateMap,
) {
  const below = new Map<string, Slots>();
  const put = (place: string, slot: Slots[number]) =>
    below.set(
      place,
      [...(below.get(place) ?? []), slot].toSorted((a, b) => a.slot - b.slot),
    );
  for (const { position, dekCommitment } of items) {
    const slot = [u64(position), bytes(dekCommitment)];
    const erased = [...slot, u32(epoch.number), u64(indices.intent)];
    put(`${tree}/0/${Math.floor(position / 64)}`, {
      slot: position % 64,
      hash: when === 'before' ? hash(4, slot) : hash(5, erased),
    });
  }
  let nodeHash: Buffer = Buffer.alloc(0);
  for (const node of nodes) {
    const { key, siblings } = node;
    const slots = below.get(`${node.tree}/${node.level}/${node.index}`) ?? [];
    const root = rootOver(slots, siblings.map(bytes));
    const place = [u64(node.tree), Buffer.from([node.level]), u64(node.index)];
    nodeHash = hash(2, [...place, bytes(key), root]);
    put(...above(node, height, nodeHash));
  }
  const topKeyCommitment = nodes.at(-1)?.key ?? '';
  return { topKeyCommitment, nodeHash: nodeHash.toString('base64url') };
}

function above({ tree, level, index }: MapNode, height: number, nodeHash: Buffer) {
  const in64 = (parent: string, own: number) =>
    [`${parent}/${Math.floor(own / 64)}`, { slot: own % 64, hash: nodeHash }] as const;
  if (level === 16) return in64('0/0', tree);
  if (tree !== 0 && level === height - 1) return in64(`${tree}/16`, 0);
  return in64(`${tree}/${level + 1}`, index);
}

function rootOver(slots: Slots, siblings: readonly Buffer[]): Buffer {
  let [row, next] = [slots, 0];
  for (let height = 0; height < 6; height += 1) {
    const parents = new Map<number, [Buffer?, Buffer?]>();
    for (const { slot, hash: own } of row) {
      const pair = parents.get(slot >> 1) ?? [];
      pair[slot & 1] = own;
      parents.set(slot >> 1, pair);
    }
    row = [...parents].map(([slot, [left, right]]) => {
      const other = left && right ? undefined : siblings[next++];
      return { slot, hash: hash(1, [left ?? other, right ?? other] as Buffer[]) };
    });
  }
  return row[0]?.hash as Buffer;
}

function isOfKeyTree({ tree, level }: MapNode): boolean {
  return tree !== 0 && level < 16;
}

function hash(kind: number, parts: readonly (Buffer | string)[]): Buffer {
  const digest = createHash('sha256').update(Buffer.from([kind]));
  for (const part of parts) digest.update(part);
  return digest.digest();
}

const bytes = (text: string) => Buffer.from(text, 'base64url');
function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}
function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
}
