import type { z } from 'zod';
import { StartupError } from './startup-error.ts';

/**
 * Reads the settings of a service once, in its main.ts; frozen. There are no defaults for secrets or for
 * choices of security. Throws StartupError that names every bad setting and shows no value.
 */
export function loadSettings<Schema extends z.ZodObject>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<z.infer<Schema>> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return Object.freeze(parsed.data);
  const names = parsed.error.issues.map((issue) => issue.path.join('.') || '(environment)');
  throw new StartupError([...new Set(names)], 'missing or not valid');
}
