import { dirname, join } from 'node:path';
import type { Program } from '../supervisor/program.ts';
import { childProgram } from '../supervisor/child-program.ts';
import { freePort } from '@mnv/testing';
import { answersOk } from '../system/answers-ok.ts';
import type { Endpoints } from '../system/endpoints.ts';
import { apiClientOf } from '../system/client-for.ts';
import { MEMORY_FLAGS } from '../system/memory-flags.ts';
import type { BaselineDatabase } from './baseline-database.ts';
import type { Encryption } from './encrypted-rows.ts';

export type BaselineName = 'twoHop' | 'pgp' | 'raw';
export type BaselinePrograms = { origins: Record<BaselineName, string>; programs: Program[] };

type Place = { endpoints: Endpoints; database: BaselineDatabase };

/** The baseline servers as programs to supervise, and where they will answer. */
export async function baselinePrograms(place: Place): Promise<BaselinePrograms> {
  const [front, back, pgp, raw] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const oneHop = (encryption: Encryption, port: number) =>
    program(place, {
      name: `baseline-one-hop-${encryption}`,
      script: 'baseline-one-hop',
      as: 'access-proxy',
      port,
      more: { ENCRYPTION: encryption, ENCRYPTION_KEY: place.database.encryptionKey },
    });
  return {
    origins: { twoHop: originOf(front), pgp: originOf(pgp), raw: originOf(raw) },
    programs: [
      program(place, { script: 'baseline-two-hop-back', as: 'vault', port: back }),
      program(place, {
        script: 'baseline-two-hop-front',
        as: 'access-proxy',
        port: front,
        more: { BACK_URL: originOf(back) },
      }),
      oneHop('pgp', pgp),
      oneHop('raw', raw),
    ],
  };
}

function originOf(port: number): string {
  return `https://localhost:${port}`;
}

type Order = {
  script: string;
  name?: string;
  as: string;
  port: number;
  more?: Record<string, string>;
};

/** Each shows the certificate of the service whose place it takes, and lives within the memory of one. */
function program(
  { endpoints, database }: Place,
  { script, name = script, as, port, more }: Order,
): Program {
  const client = apiClientOf(endpoints, 'payroll');
  const tls = dirname(dirname(client.certificate));
  const own = { certificate: join(tls, as, 'certificate.pem'), key: join(tls, as, 'key.pem') };
  return childProgram({
    name,
    script: new URL(`./${script}.ts`, import.meta.url).pathname,
    flags: MEMORY_FLAGS,
    environment: {
      PORT: String(port),
      CERTIFICATE_FILE: own.certificate,
      KEY_FILE: own.key,
      CA_FILE: endpoints.ca,
      DATABASE_URL: database.dsn,
      ...more,
    },
    logFile: join(dirname(tls), 'logs', `${name}.log`),
    isReady: () =>
      answersOk({ url: `${originOf(port)}/health/ready`, caFile: endpoints.ca, as: client }),
  });
}
