/**
 * A service keeps little; left alone, the collector lets garbage grow to several times of it before it looks.
 * In MiB: a service whose old space is full ends, and is started again. Held too tight, it looks all the time:
 * young enough for what is in flight, and old space that grows by 60 % between two collections (by 30 %, as it
 * would under this limit, a quarter of a service's processor time went into marking).
 */
export const MEMORY_FLAGS = [
  '--max-old-space-size=192',
  '--max-semi-space-size=8',
  '--heap-growing-percent=60',
];
