import type { Router } from 'express';
import { makeReadCertificate } from '@mnv/service-kit';
import { makeBoundedRate } from './bounded-rate.ts';
import { entriesRoutes } from './entries.routes.ts';
import { factsRoutes } from './facts.routes.ts';
import type { FactsRoutesDependencies } from './facts.routes.ts';
import { makeRecordServiceActs } from './record-service-acts.ts';
import type { RecordServiceActsDependencies } from './record-service-acts.ts';

/** Ten a second: more than a person with a program does, and too little to fill a log with. */
const ENTRIES_A_MINUTE = 600;

/** The door by which services of ours have the acts of their people written down. */
export function openServiceEntries(
  parts: Omit<RecordServiceActsDependencies, 'readCertificate' | 'spend'> &
    Omit<FactsRoutesDependencies, 'recordServiceActs'> & { deployment: string },
): Router {
  const { clock, deployment, noteFailedAttempt } = parts;
  const bounded = () => makeBoundedRate({ aMinute: ENTRIES_A_MINUTE, clock });
  const recordServiceActs = makeRecordServiceActs({
    ...parts,
    readCertificate: makeReadCertificate(),
    spend: bounded(),
  });
  return entriesRoutes({
    deployment,
    noteFailedAttempt,
    spendAttempt: bounded(),
    recordServiceActs,
  }).use(factsRoutes({ ...parts, recordServiceActs }));
}
