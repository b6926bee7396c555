import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FetchFile, Policy } from '@mnv/transparency-log';
import { parsePolicy } from '@mnv/transparency-log';
import type { DisposalCertificate } from '../src/index.ts';
import { verifyCertificate } from '../src/index.ts';
import { disposedWorld, hash } from './certificate-world.ts';
import type { World } from './certificate-world.ts';
import {
  destroyed,
  refOf,
  replaced,
  rootCreated,
  rotation,
  scheduled,
  told,
  verifiedCopy,
} from './hostile-issuer.ts';

type Forge = (certificate: DisposalCertificate) => DisposalCertificate;
type Root = DisposalCertificate['roots'][number];

let world: World;
let policy: Policy;

beforeAll(async () => {
  world = await disposedWorld({ stored: 100, disposed: [3, 64, 70] });
  policy = parsePolicy(world.policyText, { origins: 'key-name-or-below' });
});

/** What is found of one claim, each with the place it names. */
async function foundOf(id: string, jws: string, controlLog?: FetchFile): Promise<string[]> {
  const { claims } = await verifyCertificate(jws, { policy, ...(controlLog && { controlLog }) });
  const claim = claims.find((one) => one.id === id);
  return (claim?.findings ?? []).map(({ code, at }) => (at === undefined ? code : `${code} ${at}`));
}

const withBatch = (batch: Partial<DisposalCertificate['batch']>): Forge => {
  return (certificate) => ({ ...certificate, batch: { ...certificate.batch, ...batch } });
};
const withRoots = (change: (roots: readonly Root[]) => readonly Root[]): Forge => {
  return (certificate) => ({ ...certificate, roots: [...change(certificate.roots)] });
};

describe('the batch of a certificate', () => {
  it.each<[string, Forge, string[]]>([
    [
      'another hash than its records',
      withBatch({ hash: hash() }),
      ['batch-differs', 'manifest-differs'],
    ],
    ['another count than its records', withBatch({ count: 4 }), ['batch-differs']],
  ])('is found to have %s', async (_, forged, found) => {
    const { jws } = await told(world, { forged });
    expect(await foundOf('P4', jws)).toEqual(found);
  });

  it('is found to name a record twice, in the place of another', async () => {
    const forged: Forge = (certificate) => {
      const [first] = certificate.items;
      return {
        ...certificate,
        items: certificate.items.with(1, first as (typeof certificate.items)[0]),
      };
    };
    const { jws } = await told(world, { forged });
    const repeated = world.items[0]?.recordId;
    const found = await foundOf('P4', jws);
    expect(found.filter((one) => one.startsWith('record-repeated'))).toEqual([
      `record-repeated ${repeated}`,
    ]);
    expect(found).toContain('batch-differs');
  });

  it('is found to leave a record out, or to have one too many', async () => {
    for (const count of [2, 3]) {
      const forged: Forge = (certificate) => ({
        ...certificate,
        items: certificate.items.slice(0, 2),
        batch: { ...certificate.batch, count },
      });
      const { jws } = await told(world, { forged });
      expect(await foundOf('P4', jws)).toContain('batch-differs disposal.requested');
    }
  });
});

describe('the roots of a certificate, by the policy alone', () => {
  it.each<[string, Forge]>([
    [
      'without the root of the erasure',
      withRoots((roots) => roots.filter(({ ref }) => ref !== refOf(2))),
    ],
    ['with a root twice', withRoots((roots) => [...roots, roots[0] as Root])],
  ])('contradict themselves %s', async (_, forged) => {
    const { jws } = await told(world, { forged });
    expect(await foundOf('C1', jws)).toEqual(['roots-differ']);
  });
});

describe('the roots of a certificate, beside the whole control log', () => {
  const andAnother = (epoch: number) =>
    withRoots((roots) => [...roots, { ...(roots[0] as Root), ref: refOf(epoch), epoch }]);

  it('are found to lack one that is left', async () => {
    const forged = withRoots((roots) => roots.filter(({ ref }) => ref !== refOf(1)));
    const { jws, log } = await told(world, { forged });
    expect(await foundOf('C1', jws)).toEqual([]);
    expect(await foundOf('C1', jws, log)).toEqual([`roots-differ ${refOf(1)}`]);
  });

  it('are found to have one that the log never named', async () => {
    const forged = andAnother(9);
    const { jws, log } = await told(world, { forged });
    expect(await foundOf('C1', jws)).toEqual([]);
    expect(await foundOf('C1', jws, log)).toEqual([`roots-differ ${refOf(9)}`]);
  });

  it('are found to have one of another epoch than the log says', async () => {
    const forged = withRoots((roots) =>
      roots.map((one) => (one.ref === refOf(1) ? { ...one, epoch: 7 } : one)),
    );
    const { jws, log } = await told(world, { forged });
    expect(await foundOf('C1', jws, log)).toEqual([`roots-differ ${refOf(1)}`]);
  });

  it('are found to have one that was destroyed before the erasure was over', async () => {
    // Of an epoch that came to nothing, in the place of two entries that say nothing of roots.
    const [made, gone] = world.log.entries.flatMap(({ op }, at) =>
      op === 'checkpoint.seen' ? [at] : [],
    ) as [number, number];
    const entries = replaced(replaced(world.log.entries, made, rootCreated(7)), gone, destroyed(7));
    const left = await told(world, { entries });
    expect(await foundOf('C1', left.jws, left.log)).toEqual([]);
    const { jws, log } = await told(world, { entries, forged: andAnother(7) });
    expect(await foundOf('C1', jws, log)).toEqual([`roots-differ ${refOf(7)}`]);
  });

  it('may be destroyed after the erasure, be listed and be left out', async () => {
    const later = [verifiedCopy(2), scheduled(1), destroyed(1)];
    const listed = await told(world, { later });
    expect(await foundOf('C1', listed.jws, listed.log)).toEqual([]);
    const forged = withRoots((roots) => roots.filter(({ ref }) => ref !== refOf(1)));
    const leftOut = await told(world, { later, forged });
    expect(await foundOf('C1', leftOut.jws, leftOut.log)).toEqual([]);
  });

  it('may be made after the erasure, be listed and be left out', async () => {
    const later = rotation(3);
    const leftOut = await told(world, { later });
    expect(await foundOf('C1', leftOut.jws, leftOut.log)).toEqual([]);
    const forged = andAnother(3);
    const listed = await told(world, { later, forged });
    expect(await foundOf('C1', listed.jws, listed.log)).toEqual([]);
  });
});
