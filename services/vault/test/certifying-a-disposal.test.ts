import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { certificateKeyName, issueCertificate, verifyCertificate } from '@mnv/disposal-certificate';
import type { EvidenceHead, EvidenceItem } from '@mnv/disposal-certificate';
import { logVerifierKey, openTileLog, parsePolicy } from '@mnv/transparency-log';
import { controlFiles } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import type { Batch } from './world/disposing.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { DEPLOYMENT } from './world/running-vault.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;
let other: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
  tenant = await world.createTenant(vault, 't-001');
  other = await world.createTenant(vault, 't-002');
});
afterAll(() => world.close());

async function evidenceOf({ disposalId }: Batch, { tenantId }: Tenant) {
  const path = `/internal/disposals/${disposalId}/evidence?tenantId=${tenantId}`;
  const lines: unknown[] = [];
  for await (const line of vault.asDisposal.lines(path, { deadlineMs: 20_000 }))
    lines.push(JSON.parse(line.toString()));
  const [head, ...items] = lines as [EvidenceHead, ...EvidenceItem[]];
  return { head, items };
}

describe('the evidence of a vault and its control log', () => {
  it('make certificates that verify for each tenant of an epoch, with all that came before and after', async () => {
    const [mine, theirs] = [
      await storeNumbers(vault, tenant, 80),
      await storeNumbers(vault, other, 10),
    ];
    const recordIds = mine.slice(0, 3).map(({ recordId }) => recordId);
    const intent = await makeIntent(tenant.client, { tenant: tenant.tenantId, recordIds });
    await vault.call('/internal/disclosures', logAndMakeTicket(tenant.log, [intent]));

    const held = batchOf(mine.slice(70, 75));
    await disposing(vault, tenant).approved(held);
    await disposing(vault, tenant).hold(held);
    const stopped = batchOf(mine.slice(75, 78));
    await disposing(vault, tenant).approved(stopped);
    await disposing(vault, tenant).stop(stopped);
    const batches: [Batch, Tenant][] = [
      [batchOf(mine.slice(0, 66)), tenant],
      [batchOf(theirs.slice(2, 6)), other],
    ];
    await Promise.all(batches.map(([batch, of]) => disposing(vault, of).disposed(batch)));
    // Approved anew after the hold, in an epoch of its own.
    await disposing(vault, tenant).approve(held, 'approver-3');
    await disposing(vault, tenant).approve(held, 'approver-4');
    await disposing(vault, tenant).order(held);
    await disposing(vault, tenant).reaches(held, 'erased');
    batches.push([held, tenant]);

    const { privateKey } = generateKeyPairSync('ed25519');
    const vkey = logVerifierKey(certificateKeyName(DEPLOYMENT), privateKey);
    const policy = parsePolicy(
      `log ${vkey}\nlog ${world.controlVkey}\nlog ${world.logVkey}\nquorum none\n`,
      { origins: 'key-name-or-below' },
    );
    for (const [batch, of] of batches) {
      const controlLog = await openTileLog(controlFiles(vault), (note) => policy.verify(note));
      const evidence = await evidenceOf(batch, of);
      const replaced = evidence.head.roots.find(({ ref }) => ref === evidence.head.rootFrom);
      expect(replaced === undefined || replaced.destroyAt !== undefined).toBe(true);
      const sources = { ...evidence, controlLog, issuedAt: Date.now() };
      const { jws, digest } = await issueCertificate(sources, { privateKey, policy });
      const { tenantId } = of;
      await vault.asDisposal.json(
        `/internal/disposals/${batch.disposalId}/certificates`,
        { tenantId, certificate: digest },
        { deadlineMs: 20_000 },
      );
      const result = await verifyCertificate(jws, {
        policy,
        tenantId,
        controlLog: controlFiles(vault),
      });
      const verdicts = result.claims.map(({ id, verdict, findings }) => [id, verdict, findings]);
      expect(verdicts.slice(0, 5)).toEqual(
        ['P0', 'P1', 'P2', 'P3', 'P4'].map((id) => [id, 'PASS', []]),
      );
      expect(verdicts[6]).toEqual(['P6', 'PASS', []]);
      expect(result.claims[6]?.note).toBeUndefined();
      expect(result).toMatchObject({
        ok: true,
        certificate: { batch: { count: batch.recordIds.length } },
      });
    }
  });
});
