import { createHash, randomUUID } from 'node:crypto';
import type { AccessEntry } from '@mnv/protocol';
import { CASE_ID, PURPOSE, TENANT } from '../load/load-job.ts';

const digest = createHash('sha256').update('an access token or a request').digest('base64url');

/** An entry without time and salt. */
export type Draft = Omit<AccessEntry, 'v' | 't' | 'n'>;

/** An entry as a disclosure writes it, as long as a real one. */
export function intentDraft(): Draft {
  return {
    k: 'intent',
    rid: randomUUID(),
    ten: TENANT,
    rec: randomUUID(),
    op: 'disclose',
    iss: 'https://localhost:8445',
    sub: randomUUID(),
    act: 'payroll',
    x5t: digest,
    tok: digest,
    rqh: digest,
    pur: PURPOSE,
    case: CASE_ID,
    pol: 'p1',
    dec: 'allow',
    cnt: 1,
  };
}
