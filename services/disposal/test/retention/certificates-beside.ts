import type { Kysely } from 'kysely';
import type { Acts } from '../../src/acts/record-act.ts';
import { makeViews } from '../../src/acts/views.ts';
import {
  keepAcknowledgement,
  listCertificates,
  noteDelivery,
  wasDelivered,
} from '../../src/certificates/certificate-delivery.repository.ts';
import { certificateRoutes } from '../../src/certificates/certificates.routes.ts';
import type { DisposalDatabase } from '../../src/database.ts';
import { findCertificate } from '../../src/disposals/certificate.repository.ts';
import { findDisposal } from '../../src/disposals/disposal.repository.ts';
import type { RecordAct } from '../../src/retention/retention-act.ts';

/** The certificates of disposals beside retention, in the same database; acts are recorded as retention's are. */
export function certificatesBeside(own: Kysely<object>, recordAct: RecordAct) {
  const db = own as unknown as Kysely<DisposalDatabase>;
  const acts: Acts = {
    record: async (caller, act) => {
      await recordAct(caller, act);
      return 'recorded';
    },
    require: async (caller, act) => void (await recordAct(caller, act)),
    carryOut: async (caller, act, work) => {
      await recordAct(caller, act);
      return work();
    },
    deny: () => Promise.resolve(),
  };
  return certificateRoutes({
    acts,
    view: makeViews(acts),
    findDisposal: (key) => findDisposal(db, key),
    findCertificate: (key) => findCertificate(db, key),
    noteDelivery: (key, to) => noteDelivery(db, key, to),
    wasDelivered: (key, person) => wasDelivered(db, key, person),
    keepAcknowledgement: (key, person) => keepAcknowledgement(db, key, person),
    listCertificates: (tenantId, page) => listCertificates(db, tenantId, page),
  });
}
