import type { ServiceAnswer } from '@mnv/service-kit';
import type { ReleasedRequest } from '@mnv/protocol';

const labels = new Map<string, string>();

/** A text that stands for a number, the same for the same number. */
export function labelOf(individualNumber: string): string {
  const known = labels.get(individualNumber) ?? `number #${labels.size + 1}`;
  labels.set(individualNumber, known);
  return known;
}

/** The labels of the numbers and the problem codes of each request of a ticket, in order; a refused request is its code. */
export function outcomesOf(answer: ServiceAnswer): (string | string[])[] {
  if (answer.status !== 200) return [problemOf(answer)];
  const { requests } = answer.body as { requests: ReleasedRequest[] };
  return requests.map((one) => {
    if ('problem' in one) return one.problem;
    return one.records.map((record) =>
      'problem' in record ? record.problem : labelOf(record.individualNumber),
    );
  });
}

/** Status and code of a problem document. */
export function problemOf({ status, body }: ServiceAnswer): string {
  const { type = '' } = body as { type?: string };
  return `${status} ${type.replace('urn:mynumber-vault:problem:', '')}`;
}

/** A problem document without the id of its request: two answers that look the same must be the same. */
export function textWithoutInstance({ status, body }: ServiceAnswer): string {
  const { instance, ...rest } = body as { instance?: string };
  return `${instance === undefined ? '' : 'instance'} ${status} ${JSON.stringify(rest)}`;
}
