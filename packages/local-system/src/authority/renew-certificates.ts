import type { Authority } from '@mnv/pki';
import { type CertifiedParty, ensureCertificate } from './certificate-files.ts';

const LOOK_EVERY_MS = 10 * 60 * 1000;

/**
 * Renews certificates while the system runs. The services watch their files and take the new ones without
 * a restart. Returns what ends it.
 */
export function renewCertificates(
  authority: Authority,
  renewal: {
    directory: string;
    parties: readonly CertifiedParty[];
    renewed: (name: string) => void;
    everyMs?: number;
    clock?: () => number;
  },
): () => void {
  const { directory, parties, renewed, everyMs = LOOK_EVERY_MS, clock = Date.now } = renewal;
  const timer = setInterval(() => {
    for (const party of parties) {
      const { outcome } = ensureCertificate(authority, { directory, party, now: clock() });
      if (outcome === 'issued') renewed(party.name);
    }
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
