import { hasJustMembers } from '@mnv/protocol';

/** What a value of a format must look like. `faultIn` gives the path of the first member that does not fit. */
export type Shape<T> = {
  readonly faultIn: (value: unknown, path: string) => string | undefined;
  /** Only for the compiler: never set. */
  readonly value?: T;
};

/** The type of the values that fit a shape. */
export type Fitting<S> = S extends Shape<infer T> ? T : never;

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Members<S extends Shapes> = { [Name in keyof S]: Fitting<S[Name]> };

/** An object with just these members, in this order. */
export function object<S extends Shapes>(shapes: S): Shape<Members<S>> {
  const members = Object.entries(shapes);
  const names = Object.keys(shapes);
  return {
    faultIn: (value, path) => {
      if (typeof value !== 'object' || value === null || !hasJustMembers({ ...value }, names))
        return path;
      const held = value as Record<string, unknown>;
      for (const [name, shape] of members) {
        const fault = shape.faultIn(held[name], `${path}.${name}`);
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
  };
}

/** A list of `least` to `most` values of one shape. */
export function list<T>(
  of: Shape<T>,
  { least = 0, most }: { least?: number; most: number },
): Shape<T[]> {
  return {
    faultIn: (value, path) => {
      if (!Array.isArray(value) || value.length < least || value.length > most) return path;
      for (const [at, member] of value.entries()) {
        const fault = of.faultIn(member, `${path}[${at}]`);
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
  };
}

/** What fits, or null. */
export function nullable<T>(of: Shape<T>): Shape<T | null> {
  return { faultIn: (value, path) => (value === null ? undefined : of.faultIn(value, path)) };
}

/** One of these texts or numbers, and nothing else. */
export function oneOf<const T extends string | number>(...values: readonly T[]): Shape<T> {
  return {
    faultIn: (value, path) => (values.some((one) => one === value) ? undefined : path),
  };
}

/** A text that a test accepts. */
export function text(accepts: (value: string) => boolean): Shape<string> {
  return {
    faultIn: (value, path) => (typeof value === 'string' && accepts(value) ? undefined : path),
  };
}

/** A whole number from `from`, small enough for every reader. */
export function count({ from = 0, to = Number.MAX_SAFE_INTEGER } = {}): Shape<number> {
  return {
    faultIn: (value, path) =>
      Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to
        ? undefined
        : path,
  };
}
