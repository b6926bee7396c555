import type { JsonContext } from './json-call.ts';
import { ProblemError } from './problem-error.ts';
import { bytesOf } from './read-answer.ts';
import { mayRepeatIdempotently, repeating } from './retry.ts';

const MAX_TILE_BYTES = 32 * 1024 * 1024;

/** Reads a path of a log (C2SP tlog-tiles: `checkpoint`, `tile/…`), undefined when it is not there. */
export type ReadLogPath = (path: string) => Promise<Uint8Array | undefined>;

/** The tenant's access log as tiles (scope `log:read`). */
export function makeLogReader(context: JsonContext): ReadLogPath {
  return readerAt(context, `/v1/tenants/${context.tenant}/log`);
}

/** The vault's control log as tiles (scope `log:read` of the operator company). */
export function makeControlLogReader(context: JsonContext): ReadLogPath {
  return readerAt(context, '/v1/control-log');
}

function readerAt(context: JsonContext, place: string): ReadLogPath {
  return (path) =>
    repeating(context.retry, mayRepeatIdempotently, async () => {
      try {
        const answer = await context.call(context.tenant, () => ({
          method: 'GET',
          path: `${place}/${path}`,
        }));
        return await bytesOf(answer.body, MAX_TILE_BYTES);
      } catch (error) {
        if (error instanceof ProblemError && error.status === 404) return undefined;
        throw error;
      }
    });
}
