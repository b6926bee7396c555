import { describe, expect, it } from '@jest/globals';
import {
  RootUnavailableError,
  createKeyTree,
  erasureEpoch,
  memoryStore,
  rootsBesideHead,
} from '../src/index.ts';
import { memoryRoot } from './contract/memory-root.ts';

const free = async () => undefined;

/** A tree whose head is at an epoch, with every root version on the way. */
async function treeAt(epoch: number) {
  const root = memoryRoot();
  const tree = createKeyTree({ store: memoryStore(), root, deployment: 'test' });
  await tree.initialise();
  for (let at = 2; at <= epoch; at += 1) {
    const plan = { epoch: at, intentIndex: at, items: new Map() };
    const run = erasureEpoch(tree.parts, plan, { fence: free, erased: free, flipped: free });
    for (let did = ''; did !== 'nothing'; ) ({ did } = await run.next());
  }
  return { root, tree };
}

const refsOf = (roots: { ref: string }[]) => roots.map(({ ref }) => ref);

describe('root versions beside the one of the head', () => {
  it('are older or newer, in the order of their epochs', async () => {
    const { root, tree } = await treeAt(11);
    await root.create('mnv-root-test-12');
    const { older, newer } = await rootsBesideHead(tree.parts);
    expect(refsOf(older)).toEqual(Array.from({ length: 10 }, (_, at) => `mnv-root-test-${at + 1}`));
    expect(newer).toEqual([{ ref: 'mnv-root-test-12', epoch: 12, status: 'enabled' }]);
  });

  it('are those of this deployment, not of one whose name begins like it', async () => {
    const { root, tree } = await treeAt(2);
    for (const ref of ['mnv-root-test-b-1', 'mnv-root-test-01', 'mnv-root-test-']) {
      await root.create(ref);
    }
    expect(refsOf((await rootsBesideHead(tree.parts)).older)).toEqual(['mnv-root-test-1']);
  });

  it('cannot be told without a tree', async () => {
    const parts = createKeyTree({
      store: memoryStore(),
      root: memoryRoot(),
      deployment: 'test',
    }).parts;
    await expect(rootsBesideHead(parts)).rejects.toThrow(RootUnavailableError);
  });
});
