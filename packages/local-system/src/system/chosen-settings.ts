/** How long an epoch waits for readers, and how long an old root version is kept after it. */
const CHOOSABLE = ['VAULT_DRAIN_SECONDS', 'VAULT_ROOT_GRACE_HOURS'];

/** The vault's settings that the one who starts the system chose. */
export function chosenSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    CHOOSABLE.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
