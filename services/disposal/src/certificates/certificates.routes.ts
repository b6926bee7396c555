import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Refusal } from '@mnv/core';
import type { Answer, Caller } from '@mnv/service-kit';
import { answer, callerOf, jsonBody } from '@mnv/service-kit';
import type { Acts } from '../acts/record-act.ts';
import type { View } from '../acts/views.ts';
import { noSuch } from '../disposals/act-on-disposal.ts';
import type { Disposal, DisposalKey } from '../disposals/disposal.ts';
import { keyOf, viewed } from '../disposals/disposals.routes.ts';
import type { CertificatePage, DeliveredCertificate } from './certificate-delivery.repository.ts';

const Acknowledged = z.strictObject({ hash: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const PAGE = 500;
const ListQuery = z.strictObject({
  state: z.enum(['undelivered', 'unacknowledged']).optional(),
  before: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .optional(),
});

export type CertificateRoutesDependencies = {
  acts: Pick<Acts, 'require' | 'record' | 'carryOut' | 'deny'>;
  view: View;
  findDisposal(key: DisposalKey): Promise<Disposal | undefined>;
  findCertificate(key: DisposalKey): Promise<string | undefined>;
  noteDelivery(key: DisposalKey, to: { person: string; clientId: string }): Promise<void>;
  wasDelivered(key: DisposalKey, person: string): Promise<boolean>;
  keepAcknowledgement(key: DisposalKey, person: string): Promise<string>;
  listCertificates(tenantId: string, page: CertificatePage): Promise<DeliveredCertificate[]>;
};

/** Certificates as a tenant gets them: handed out, which is noted first, and acknowledged. */
export function certificateRoutes(deps: CertificateRoutesDependencies): Router {
  const one = '/v1/tenants/:tenantId/disposals/:disposalId/certificate';
  return Router()
    .get(
      '/v1/tenants/:tenantId/disposal-certificates',
      answer((req, res) => list(req, res, deps)),
    )
    .get(
      one,
      answer((req, res) => handOut(req, res, deps)),
    )
    .post(
      `${one}/acknowledgements`,
      jsonBody(),
      answer((req, res) => acknowledge(req, res, deps)),
    );
}

async function list(
  req: Request,
  res: Response,
  deps: CertificateRoutesDependencies,
): Promise<Answer> {
  const tenantId = String(req.params['tenantId']);
  const query = ListQuery.safeParse(req.query);
  if (!query.success)
    throw new Refusal(
      'invalid-request',
      'state is undelivered or unacknowledged; before is what the page before gave as next.',
    );
  await deps.view(callerOf(res), { operation: 'list-disposals', tenantId }, 'certificates');
  const { state, before } = query.data;
  const page = { state, before: before === undefined ? undefined : Number(before) };
  const found = await deps.listCertificates(tenantId, { ...page, limit: PAGE + 1 });
  const last = found.length > PAGE ? found[PAGE - 1]?.tenantNumber : undefined;
  const certificates = found.slice(0, PAGE).map(shown);
  return { body: { certificates, ...(last !== undefined && { next: String(last) }) } };
}

/** Noted before it leaves: who has it may not be found out, who may have it is. */
async function handOut(
  req: Request,
  res: Response,
  deps: CertificateRoutesDependencies,
): Promise<Answer> {
  const disposal = await viewed(req, res, deps, 'view-disposal-certificate');
  const certificate = await deps.findCertificate(disposal);
  if (certificate === undefined) throw new Refusal('not-found', 'There is no certificate yet.');
  const caller = callerOf(res);
  await deps.noteDelivery(disposal, { person: personOf(caller), clientId: caller.token.clientId });
  return { type: 'application/jose', body: certificate };
}

/** By whoever it was handed to, naming it by its hash. Again changes nothing. */
async function acknowledge(
  req: Request,
  res: Response,
  deps: CertificateRoutesDependencies,
): Promise<Answer> {
  const [caller, key] = [callerOf(res), keyOf(req)];
  const parsed = Acknowledged.safeParse(req.body);
  if (!parsed.success)
    throw new Refusal('invalid-request', 'Send {"hash":…}, the hash of the certificate you have.');
  const act = { operation: 'acknowledge-certificate', tenantId: key.tenantId } as const;
  await deps.acts.require(caller, act);
  const disposal = await deps.findDisposal(key);
  const about = disposal ? { caseId: disposal.caseId, count: disposal.count } : {};
  return deps.acts.carryOut(caller, { ...act, ...about }, async () => {
    if (disposal === undefined) throw noSuch();
    if (disposal.certificate?.hash !== parsed.data.hash)
      throw new Refusal('batch-mismatch', 'The certificate of this disposal has another hash.');
    const person = personOf(caller);
    if (!(await deps.wasDelivered(key, person)))
      throw new Refusal(
        'certificate-undelivered',
        'Fetch the certificate before you say you have it.',
      );
    if ((await deps.keepAcknowledgement(key, person)) !== person)
      throw new Refusal('decision-made', 'Another person has acknowledged it already.');
    return { body: { tenantNumber: disposal.certificate.tenantNumber } };
  });
}

function personOf({ token }: Caller): string {
  return `${token.issuer} ${token.subject}`;
}

function shown({ deliveries, acknowledgement, ...rest }: DeliveredCertificate): object {
  return {
    ...rest,
    deliveries: deliveries.map(({ to, at }) => ({ to: subjectOf(to), at })),
    acknowledgement: acknowledgement && {
      by: subjectOf(acknowledgement.by),
      at: acknowledgement.at,
    },
  };
}

function subjectOf(person: string): string {
  return person.slice(person.indexOf(' ') + 1);
}
