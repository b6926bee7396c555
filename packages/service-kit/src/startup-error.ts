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
