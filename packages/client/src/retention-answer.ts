import { TransportError } from './transport-error.ts';

/** An answer that has the member it is known by. Throws TransportError for any other. */
export function withMember<T>(answer: unknown, member: keyof T & string): T {
  if (typeof answer === 'object' && answer !== null && Object.hasOwn(answer, member))
    return answer as T;
  throw new TransportError('answer-invalid', 'RETENTION');
}

/** The list in a member of an answer. Throws TransportError where there is none. */
export function listIn<T>(answer: unknown, member: string): T[] {
  const list = (answer as Record<string, unknown> | null)?.[member];
  if (!Array.isArray(list)) throw new TransportError('answer-invalid', 'RETENTION');
  return list as T[];
}
