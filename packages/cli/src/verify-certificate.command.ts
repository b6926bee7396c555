import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { verifyCertificate } from '@mnv/disposal-certificate';
import type { CertificateVerification } from '@mnv/disposal-certificate';
import type { FetchFile } from '@mnv/transparency-log';
import { certificateInWords } from './certificate-text.ts';
import { optionalText, textOf } from './command.ts';
import type { Command, Surroundings, Values } from './command.ts';
import { CONNECTION_OPTIONS } from './connection-options.ts';
import { withLogAt } from './log-source.ts';
import { readTrustPolicy } from './trust-policy.ts';

/** For auditors and tenants: needs nothing but the file and a trust policy from another hand. */
export const VERIFY_CERTIFICATE: Command = {
  name: 'verify certificate',
  summary: 'Verify a disposal certificate offline, claim by claim: PASS, FAIL or NOT CHECKED.',
  details:
    'Exit code 0 only when nothing failed and everything was checked that a certificate proves by itself.',
  positionals: ['FILE'],
  options: {
    policy: {
      type: 'string',
      value: 'FILE',
      help: 'The trust policy (tlog-policy).',
      required: true,
    },
    'control-log': {
      type: 'string',
      value: 'DIR|URL',
      help: 'Replay the whole control log too: a directory, or https://HOST/v1/control-log.',
    },
    'access-log': {
      type: 'string',
      value: 'DIR|URL',
      help: 'Compare the releases with the access log of the tenant too.',
    },
    tenant: {
      type: 'string',
      value: 'TENANT',
      help: 'The tenant (委託元) it must be for.',
    },
    json: { type: 'boolean', help: 'Print the result as JSON.' },
    ...CONNECTION_OPTIONS,
  },
  run: async ({ values, positionals: [file = ''] }, surroundings) => {
    const { workingDirectory, out } = surroundings;
    const policy = await readTrustPolicy(resolve(workingDirectory, textOf(values, 'policy')));
    const bytes = await readFile(resolve(workingDirectory, file));
    const tenantId = optionalText(values, 'tenant');
    const result = await withLogs(values, surroundings, (logs) =>
      verifyCertificate(bytes, { policy, ...logs, ...(tenantId !== undefined && { tenantId }) }),
    );
    out(
      values['json'] === true ? `${JSON.stringify(asJson(result))}\n` : certificateInWords(result),
    );
    return result.ok ? 0 : 1;
  },
};

type Logs = { controlLog?: FetchFile; accessLog?: FetchFile };

/** Opens the logs that were named, one within the other. */
async function withLogs<Result>(
  values: Values,
  surroundings: Surroundings,
  work: (logs: Logs) => Promise<Result>,
): Promise<Result> {
  const [control, access] = [
    optionalText(values, 'control-log'),
    optionalText(values, 'access-log'),
  ];
  const open = (from: string | undefined, then: (fetch?: FetchFile) => Promise<Result>) =>
    from === undefined ? then() : withLogAt(from, { values, surroundings }, then);
  return open(control, (controlLog) =>
    open(access, (accessLog) =>
      work({ ...(controlLog && { controlLog }), ...(accessLog && { accessLog }) }),
    ),
  );
}

/** What was verified, and how much of it; the items and proofs stay in the file. */
function asJson({ ok, digest, claims, certificate }: CertificateVerification) {
  const { certificateId, stage, deployment, tenantId, disposalId, caseId, issuedAt, batch, epoch } =
    certificate ?? {};
  return {
    ok,
    digest,
    certificateId,
    stage,
    deployment,
    tenantId,
    disposalId,
    caseId,
    issuedAt,
    records: batch?.count,
    epoch: epoch?.number,
    claims,
  };
}
