import { beforeAll, describe, expect, it } from '@jest/globals';
import { parsePolicy } from '@mnv/transparency-log';
import { verifyCertificate } from '../src/index.ts';
import { disposedWorld, hash } from './certificate-world.ts';
import type { World } from './certificate-world.ts';
import { certificateOver, refOf, rewritten, told } from './hostile-issuer.ts';
import type { Story } from './hostile-issuer.ts';
import type { Lie } from './hostile-tree.ts';

let world: World;

beforeAll(async () => {
  world = await disposedWorld({ stored: 100, disposed: [3, 64] });
});

/** What is found with the policy alone. */
async function codesOf(from: World, story: Story): Promise<string[]> {
  const { jws } = await told(from, story);
  const policy = parsePolicy(from.policyText, { origins: 'key-name-or-below' });
  const { claims, ok } = await verifyCertificate(jws, { policy });
  const found = claims.flatMap(({ id, findings }) => findings.map(({ code }) => `${id} ${code}`));
  expect(ok).toBe(found.length === 0);
  return [...new Set(found)];
}

describe('a certificate over a key tree that was treated otherwise', () => {
  const found = (...lies: Lie[]) => codesOf(world, { lies });

  it('passes when what is said of the tree is true', async () => {
    expect(await found({ when: 'before' }, { when: 'after' })).toEqual([]);
  });

  it('fails when any node on the way kept its key', async () => {
    const { before } = (await certificateOver(world, {})).maps;
    expect(before.nodes).toHaveLength(7);
    for (const [at, { key }] of before.nodes.entries()) {
      const nodes: Lie['nodes'] = (map) => map.nodes.with(at, { ...map.nodes[at]!, key });
      expect(await found({ when: 'after', nodes })).toEqual(['P3 key-unchanged']);
    }
  });

  it('fails when a node is gone, with its key', async () => {
    const one = await disposedWorld({ stored: 100, disposed: [3] });
    const nodes: Lie['nodes'] = (map) => map.nodes.toSpliced(1, 1);
    expect(await codesOf(one, { lies: [{ when: 'after', nodes }] })).toEqual(['P3 key-unchanged']);
  });

  it.each<[string, Lie]>([
    ['began under another root', { when: 'before', head: { rootRef: refOf(9) } }],
    ['ended under another root', { when: 'after', head: { rootRef: refOf(9) } }],
    ['ended in another epoch', { when: 'after', head: { epoch: 3 } }],
  ])('fails when the tree %s', async (_, lie) => {
    expect(await found(lie)).toEqual(['P2 map-differs']);
  });

  it('fails when the tree is as old after it as before', async () => {
    expect(await found({ when: 'before', head: { epoch: 2 } })).toEqual(['P3 root-unchanged']);
  });

  it('fails when the tree stands on the same root after it', async () => {
    const { head, log } = world;
    const rootTo = head.rootFrom;
    const made = rewritten(log.entries, head.indices.rootCreated, { root: rootTo });
    const codes = await codesOf(world, {
      entries: rewritten(made, head.indices.flipped, { root: rootTo }),
      head: { ...head, rootTo },
      lies: [{ when: 'after', head: { rootRef: rootTo } }],
    });
    expect(codes).toEqual(['P3 root-unchanged']);
  });

  it.each(['before', 'after'] as const)(
    'fails when a slot is not in the map %s, for both claims that rest on it',
    async (when) => {
      const code = when === 'before' ? 'not-live-before' : 'not-erased-after';
      expect(await found({ when, head: { nodeHash: hash() } })).toEqual([
        `P2 ${code}`,
        `P3 ${code}`,
      ]);
    },
  );
});
