import type { KeyObject } from 'node:crypto';
import type { Clock } from '@mnv/core';
import { parseStrictJson } from '@mnv/protocol';
import { digestOfCertificate, issueCertificate } from '@mnv/disposal-certificate';
import type { EvidenceHead, EvidenceItem } from '@mnv/disposal-certificate';
import type { Policy, TileLog } from '@mnv/transparency-log';
import type { Disposal, DisposalKey } from './disposal.ts';
import type { VaultDisposals } from './vault-disposals.ts';

const MAX_LINE_BYTES = 4 * 1024 * 1024;
const LINE_DEPTH = 8;

export type CertifyDependencies = {
  vault: Pick<VaultDisposals, 'evidence' | 'certified'>;
  policy: Policy;
  /** Under a checkpoint cosigned outside. */
  cosignedLog(): Promise<TileLog>;
  /** Signs the certificates. */
  signingKey: KeyObject;
  takeCertificateNumber(disposalId: string): Promise<number>;
  keepCertificate(
    key: DisposalKey,
    issued: { number: number; certificate: string; hash: Buffer },
  ): Promise<void>;
  findCertificate(key: DisposalKey): Promise<string | undefined>;
  keepControlIndex(key: DisposalKey, index: number): Promise<void>;
  clock: Clock;
};

/**
 * Gives an erased disposal its certificate: built from the vault's evidence and a cosigned control log, verified
 * as an auditor will, kept, and then named in the control log. What is kept stays: after a crash, and beside
 * another instance, the certificate that was stored first is the one, and only its digest is recorded.
 */
export function makeCertifyDisposal(
  deps: CertifyDependencies,
): (disposal: Disposal) => Promise<void> {
  return async (disposal) => {
    const kept = (await deps.findCertificate(disposal)) ?? (await issue(disposal));
    if (disposal.certificate?.controlIndex !== undefined) return;
    const index = await deps.vault.certified(disposal, digestOfCertificate(kept));
    await deps.keepControlIndex(disposal, index);
  };

  async function issue(disposal: Disposal): Promise<string> {
    const lines = deps.vault.evidence(disposal);
    const first = await lines.next();
    if (first.done === true) throw new Error('the vault gave no evidence');
    const head = parsed(first.value) as EvidenceHead;
    requireSame(head, disposal);
    const controlLog = await deps.cosignedLog();
    const { jws, digest } = await issueCertificate(
      { head, items: itemsOf(lines), controlLog, issuedAt: deps.clock() },
      { privateKey: deps.signingKey, policy: deps.policy },
    );
    const number = await deps.takeCertificateNumber(disposal.disposalId);
    const hash = Buffer.from(digest, 'base64url');
    await deps.keepCertificate(disposal, { number, certificate: jws, hash });
    return (await deps.findCertificate(disposal)) ?? jws;
  }
}

/** The certificate is of what people signed for here, whatever the vault says. */
function requireSame(head: EvidenceHead, disposal: Disposal): void {
  const same =
    head.disposalId === disposal.disposalId &&
    head.tenantId === disposal.tenantId &&
    head.caseId === disposal.caseId &&
    head.batchHash === disposal.batchHash &&
    head.count === disposal.count;
  if (!same) throw new Error('the evidence is of another disposal');
}

async function* itemsOf(lines: AsyncGenerator<Buffer>): AsyncGenerator<EvidenceItem> {
  for await (const line of lines) yield parsed(line) as EvidenceItem;
}

function parsed(line: Buffer): unknown {
  return parseStrictJson(line, { maxBytes: MAX_LINE_BYTES, maxDepth: LINE_DEPTH });
}
