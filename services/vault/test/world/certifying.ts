import { generateKeyPairSync } from 'node:crypto';
import { certificateKeyName, issueCertificate } from '@mnv/disposal-certificate';
import type { EvidenceHead, EvidenceItem } from '@mnv/disposal-certificate';
import { logVerifierKey, openTileLog, parsePolicy } from '@mnv/transparency-log';
import type { Tenant, World } from '../world.ts';
import { controlFiles } from './control-log.ts';
import type { Batch } from './disposing.ts';
import { DEPLOYMENT } from './running-vault.ts';
import type { RunningVault } from './running-vault.ts';

const CALL_MS = 20_000;

/** The evidence a vault gives of a batch that is erased. */
export async function evidenceFrom(
  vault: RunningVault,
  { disposalId }: Batch,
  { tenantId }: Pick<Tenant, 'tenantId'>,
): Promise<{ head: EvidenceHead; items: EvidenceItem[] }> {
  const path = `/internal/disposals/${disposalId}/evidence?tenantId=${tenantId}`;
  const lines: unknown[] = [];
  for await (const line of vault.asDisposal.lines(path, { deadlineMs: CALL_MS }))
    lines.push(JSON.parse(line.toString()));
  const [head, ...items] = lines as [EvidenceHead, ...EvidenceItem[]];
  return { head, items };
}

/** Makes the certificate of a batch as the disposal service does, and lets it verify; throws when it does not. */
export function certifying(vault: RunningVault, world: World) {
  const { privateKey } = generateKeyPairSync('ed25519');
  const vkey = logVerifierKey(certificateKeyName(DEPLOYMENT), privateKey);
  const lines = [vkey, world.controlVkey, world.logVkey].map((key) => `log ${key}\n`).join('');
  const policy = parsePolicy(`${lines}quorum none\n`, { origins: 'key-name-or-below' });
  const controlLog = () => openTileLog(controlFiles(vault), (note) => policy.verify(note));
  return {
    policy,
    issue: async (batch: Batch, tenant: Pick<Tenant, 'tenantId'>) => {
      const evidence = await evidenceFrom(vault, batch, tenant);
      const sources = { ...evidence, controlLog: await controlLog(), issuedAt: Date.now() };
      return issueCertificate(sources, { privateKey, policy });
    },
  };
}
