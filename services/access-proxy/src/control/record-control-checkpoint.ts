import { createHash, randomUUID } from 'node:crypto';
import { OPERATOR_TENANT } from '@mnv/core';
import type { EntryDraft } from '../log/log-head.ts';
import { POLICY_VERSION } from '../policy/decide.ts';

const OPERATION = 'record-control-checkpoint';

/** The entry that this service saw a checkpoint of the control log; `rqh` is the SHA-256 of the note. */
export function controlCheckpointEntry(note: string): EntryDraft {
  return {
    k: 'act',
    rid: randomUUID(),
    ten: OPERATOR_TENANT,
    rec: '',
    op: OPERATION,
    iss: '',
    sub: '',
    act: 'access-proxy',
    x5t: '',
    tok: '',
    rqh: createHash('sha256').update(note, 'utf8').digest('base64url'),
    pur: '',
    case: '',
    pol: POLICY_VERSION,
    dec: 'allow',
    cnt: 0,
  };
}
