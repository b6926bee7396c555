import { readTrustPolicy } from '@mnv/cli';
import { certificateKeyName, readCertificate, verifyCertificate } from '@mnv/disposal-certificate';
import type { Policy } from '@mnv/transparency-log';
import { compactVerify } from 'jose';
import { oneAfterAnother } from '../one-after-another.ts';
import { serveJobs } from '../worker.ts';
import type { CertificateAnswer, CertificateJob } from './certificate-job.ts';

// The process that verifies. It has the certificate and the trust policy, and asks nobody.
let taken: { jws: string; policy: Policy } | undefined;

serveJobs(async (job: CertificateJob): Promise<CertificateAnswer> => {
  if (job.kind !== 'take') return oneAfterAnother(job.items, VERIFIERS[job.kind]());
  taken = { jws: job.jws, policy: await readTrustPolicy(job.policyFile) };
  return oneAfterAnother(1, VERIFIERS.verify());
});

const VERIFIERS = {
  verify: () => {
    const { jws, policy } = given();
    return async () => {
      const { ok } = await verifyCertificate(jws, { policy });
      if (!ok) throw new Error('the certificate was not verified');
    };
  },
  signature: () => {
    const { jws, policy } = given();
    const name = certificateKeyName(readCertificate(jws).certificate.deployment);
    const key = policy.logs.map((log) => log.key).find((one) => one.name === name);
    if (!key) throw new Error('the policy names no key of certificates');
    return async () => void (await compactVerify(jws, key.publicKey));
  },
};

function given() {
  if (!taken) throw new Error('there is no certificate yet');
  return taken;
}
