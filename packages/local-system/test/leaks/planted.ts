import { formsOfBody, formsOfNumber, makeIndividualNumber } from '@mnv/testing';
import type { SecretForm } from '@mnv/testing';

/** Numbers that were put into a system, and the bodies they were sent in, to be looked for afterwards. */
export function startPlanting() {
  const numbers: string[] = [];
  const bodies: string[] = [];
  return {
    /** A number made now. */
    number(): string {
      const made = makeIndividualNumber();
      numbers.push(made);
      return made;
    },
    /** The text as it is sent. */
    body(text: string): string {
      bodies.push(text);
      return text;
    },
    count: () => numbers.length,
    forms(): SecretForm[] {
      return [
        ...numbers.flatMap((number, at) => formsOfNumber(number, at)),
        ...bodies.flatMap((body, at) => formsOfBody(body, numbers.length + at)),
      ];
    },
  };
}

export type Planting = ReturnType<typeof startPlanting>;
