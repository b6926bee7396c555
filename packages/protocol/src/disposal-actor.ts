/** Who asked for a disposal, approved or held it, and for which tenant. */
export type DisposalActor = { iss: string; sub: string; tenantId: string };

/**
 * What `by` of a control entry about a batch commits to. The entry names nobody; opened in a certificate, it
 * cannot be said to have been another person, or the records of another tenant. None of the three can hold a
 * line end where it is read: see the format of the certificate.
 */
export function disposalActorText({ iss, sub, tenantId }: DisposalActor): string {
  return `${iss}\n${sub}\n${tenantId}`;
}
