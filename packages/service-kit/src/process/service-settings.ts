import { z } from 'zod';

const HttpsUrl = z.url({ protocol: /^https$/ });
const File = z.string().min(1);

/** What every service is told, each under its own prefix. */
const SETTINGS = {
  DEPLOYMENT: z.string().regex(/^[a-z][a-z0-9.-]{0,62}$/),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535),
  DATABASE_URL: z.string().min(1),
  /** What the database may grow to, in GiB. New work is refused at 95 % of it. */
  DATABASE_BUDGET_GIB: z.coerce.number().positive(),
  /** Authority of the database's certificate; only a database on this machine needs none. */
  DATABASE_CA_FILE: File.optional(),
  CERTIFICATE_FILE: File,
  KEY_FILE: File,
  CA_FILE: File,
  ISSUER: HttpsUrl,
  JWKS_URL: HttpsUrl,
  ISSUER_CA_FILE: File,
  AUDIENCE: z.string().min(1).default('mynumber-vault'),
};
const PROFILE = z.enum(['development', 'production']).default('production');

type Shape = typeof SETTINGS;
type Prefixed<Prefix extends string> = {
  [Name in keyof Shape as `${Prefix}_${Name & string}`]: Shape[Name];
};

/** The shape of these settings in the environment, as `PROFILE` and `<prefix>_<name>`. */
export function serviceSettings<Prefix extends string>(
  prefix: Prefix,
): Prefixed<Prefix> & { PROFILE: typeof PROFILE } {
  const named = Object.entries(SETTINGS).map(([name, schema]) => [`${prefix}_${name}`, schema]);
  return { PROFILE, ...(Object.fromEntries(named) as Prefixed<Prefix>) };
}

type Values = z.infer<z.ZodObject<Shape>>;
type Profile = { PROFILE: z.infer<typeof PROFILE> };

/** What a service was told, without its prefix. */
export type ServiceSettings = Values & Profile;

export type PrefixedSettings<Prefix extends string> = Profile & {
  readonly [Name in keyof Values as `${Prefix}_${Name & string}`]: Values[Name];
};

export function withoutPrefix<Prefix extends string>(
  prefix: Prefix,
  settings: PrefixedSettings<Prefix>,
): ServiceSettings {
  const given: Readonly<Record<string, unknown>> = settings;
  const named = Object.keys(SETTINGS).map((name) => [name, given[`${prefix}_${name}`]]);
  return { PROFILE: settings.PROFILE, ...Object.fromEntries(named) } as ServiceSettings;
}
