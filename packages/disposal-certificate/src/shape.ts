import { hasJustMembers } from '@mnv/protocol';

/** What a value of a format must look like. `faultIn` gives the path of the first member that does not fit. */
export type Shape<T> = {
  readonly faultIn: (value: unknown, path: string) => string | undefined;
  /** Whether an object may lack the member. */
  readonly optional?: boolean;
  /** Only for the compiler: never set. */
  readonly value?: T;
};

/** The type of the values that fit a shape. */
export type Fitting<S> = S extends Shape<infer T> ? T : never;

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Optional<S extends Shapes> = {
  [Name in keyof S]: S[Name] extends { optional: true } ? Name : never;
}[keyof S];
type Members<S extends Shapes> = { [Name in Exclude<keyof S, Optional<S>>]: Fitting<S[Name]> } & {
  [Name in Optional<S>]?: Fitting<S[Name]>;
};

/** An object with just these members, in this order; without those of the optional ones that it lacks. */
export function object<S extends Shapes>(shapes: S): Shape<Members<S>> {
  const members = Object.entries(shapes);
  return {
    faultIn: (value, path) => {
      if (typeof value !== 'object' || value === null) return path;
      const held = value as Record<string, unknown>;
      const present = members.filter(([name, shape]) => shape.optional !== true || name in held);
      const names = present.map(([name]) => name);
      if (!hasJustMembers({ ...held }, names)) return path;
      for (const [name, shape] of present) {
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

/** A member that an object may lack. */
export function optional<T>(of: Shape<T>): Shape<T> & { readonly optional: true } {
  return { ...of, optional: true };
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
