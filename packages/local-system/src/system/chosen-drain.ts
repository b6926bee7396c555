const SETTING = 'VAULT_DRAIN_SECONDS';

/** The vault's setting of how long an epoch waits for readers, where the one who starts the system chose it. */
export function chosenDrain(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const seconds = environment[SETTING];
  return seconds === undefined ? {} : { [SETTING]: seconds };
}
