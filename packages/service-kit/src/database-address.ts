const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Whether a connection string leads to a Unix socket or to this machine. What we cannot read is remote. */
export function isLocalDatabase(connectionString: string): boolean {
  if (!URL.canParse(connectionString)) return false;
  const url = new URL(connectionString);
  // Any of them may win in the driver, so all of them must be local.
  const hosts = [url.hostname, ...url.searchParams.getAll('host')].filter((host) => host !== '');
  return hosts.length > 0 && hosts.every(isLocalHost);
}

function isLocalHost(host: string): boolean {
  return LOOPBACK.has(host) || /^(?:\/|%2f)/i.test(host);
}
