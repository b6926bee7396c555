import type { Router } from 'express';
import type { ReleasedDocument } from '@mnv/protocol';
import type { HeadRoom, ServiceClient } from '@mnv/service-kit';
import type { AskVault } from '../disclosure/ask-vault.ts';
import { DOCUMENTS } from '../disclosure/ask-vault.ts';
import type { DisclosureDependencies } from '../disclosure/disclose-numbers.ts';
import { makeReleaseRuns } from '../disclosure/release-runs.ts';
import type { RecordAct } from '../record-act.ts';
import { makeDiscloseDocument } from './disclose-document.ts';
import { identityDocumentRoutes } from './identity-documents.routes.ts';
import { makeVaultDocuments } from './vault-documents.ts';

/** Copies of identity documents: what people do with them stands in the log before the vault is asked. */
export function openIdentityDocuments(parts: {
  recordAct: RecordAct;
  vault: ServiceClient;
  askVault: AskVault;
  /** How a disclosure is admitted and written down, whatever it is of. */
  disclosing: Omit<DisclosureDependencies, 'release'>;
  headRoom: Pick<HeadRoom, 'whenRoom'>;
}): Router {
  const { recordAct, askVault, disclosing, headRoom } = parts;
  const vault = makeVaultDocuments(parts.vault);
  const release = makeReleaseRuns<ReleasedDocument>((run) => askVault(run, DOCUMENTS));
  return identityDocumentRoutes({
    recordAct,
    vault: { ...vault, add: headRoom.whenRoom(vault.add) },
    discloseDocument: headRoom.whenRoom(makeDiscloseDocument({ ...disclosing, release })),
  });
}
