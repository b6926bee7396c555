import { readFileSync } from 'node:fs';
import { get } from 'node:https';

const DEADLINE_MS = 2_000;

export type Probe = { url: string; caFile: string; as?: { certificate: string; key: string } };

/** Whether an address answers 200 within two seconds. With `as`, the connection shows that certificate. */
export function answersOk({ url, caFile, as }: Probe): Promise<boolean> {
  const identity =
    as === undefined ? {} : { cert: readFileSync(as.certificate), key: readFileSync(as.key) };
  return new Promise((resolve) => {
    const request = get(
      url,
      { agent: false, ca: readFileSync(caFile), timeout: DEADLINE_MS, ...identity },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
