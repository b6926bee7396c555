/** Why a service refuses to start: the settings at fault by name, and a reason that shows no value. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly settings: readonly string[];
  readonly reason: string;

  constructor(settings: readonly string[], reason: string) {
    super(`${settings.join(', ')}: ${reason}`);
    this.settings = settings;
    this.reason = reason;
  }
}

const CODE = /^[A-Za-z0-9_-]{1,40}$/;

/** What is read under these settings. Throws StartupError, which names them, when it cannot be. */
export function readUnder<T>(settings: readonly string[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw startupErrorOf(settings, error);
  }
}

/** The error of what these settings name; of its text only a code is kept, for it may quote a value. */
export function startupErrorOf(settings: readonly string[], error: unknown): StartupError {
  if (error instanceof StartupError) return error;
  const { code } = (error ?? {}) as { code?: unknown };
  const told = typeof code === 'string' && CODE.test(code) ? ` (${code})` : '';
  return new StartupError(settings, `cannot be used${told}`);
}
