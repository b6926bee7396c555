import { Refusal } from '@mnv/core';
import type { ServiceClient } from '../tls/service-client.ts';
import type { FetchFile } from '@mnv/transparency-log';

const DEADLINE_MS = 1_500;
const CHECKPOINT = 'checkpoint';

/** Reads the files of the vault's control log: `checkpoint`, `tile/…`; undefined for what is not there. */
export function makeFetchControlLog(vault: Pick<ServiceClient, 'json'>): FetchFile {
  return async (path) => {
    const answer = await vault.json(`/internal/control-log/${path}`, undefined, {
      deadlineMs: DEADLINE_MS,
    });
    if (answer.status === 404) return undefined;
    const { note, file } = (answer.body ?? {}) as { note?: unknown; file?: unknown };
    const text = path === CHECKPOINT ? note : file;
    if (answer.status !== 200 || typeof text !== 'string')
      throw new Refusal('vault-unavailable', 'The vault did not answer.');
    return Buffer.from(text, path === CHECKPOINT ? 'utf8' : 'base64');
  };
}
