import { Pool } from 'undici';
import type { AddCheckpoint, VerifierKey } from '@mnv/transparency-log';
import { addCosignatures, formatAddCheckpoint, parseTreeSize } from '@mnv/transparency-log';

const DEADLINE_MS = 3_000;
const MAX_ANSWER_BYTES = 16_384;

/** An external witness as the trust policy names it. */
export type Witness = { name: string; key: VerifierKey; url: string };

export type WitnessAnswer = { cosigned: string } | { knownSize: number } | 'contradiction';

export type WitnessClient = {
  name: string;
  /**
   * Asks for a cosignature (C2SP tlog-witness). Answers the checkpoint with it, verified; or the size the
   * witness knows, when the log begins elsewhere for it; or that the proof does not hold for what it
   * cosigned. Throws for anything else.
   */
  addCheckpoint(request: AddCheckpoint): Promise<WitnessAnswer>;
  close(): Promise<void>;
};

const STATUS_UNPROVEN = 422;

/** Speaks to one witness. `ca` is the authority of its server certificate, PEM. */
export function createWitnessClient({ name, key, url }: Witness, ca: string): WitnessClient {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    connections: 4,
    connect: { ca, minVersion: 'TLSv1.3', timeout: DEADLINE_MS },
  });
  const path = `${pathname.replace(/\/$/, '')}/add-checkpoint`;

  return {
    name,
    addCheckpoint: async (request) => {
      const answer = await pool.request({
        path,
        method: 'POST',
        body: formatAddCheckpoint(request),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      const body = await shortText(answer.body);
      if (answer.statusCode === 200) {
        return { cosigned: addCosignatures(request.checkpoint, body, [key]) };
      }
      if (answer.statusCode === STATUS_UNPROVEN) return 'contradiction';
      const knownSize = answer.statusCode === 409 ? parseTreeSize(body) : undefined;
      if (knownSize === undefined) throw new Error(`the witness answered ${answer.statusCode}`);
      return { knownSize };
    },
    close: () => pool.destroy(),
  };
}

async function shortText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('the witness answered too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
