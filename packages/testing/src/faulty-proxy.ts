import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { NO_FAULTS, carry } from './faulty-stream.ts';
import type { Faults } from './faulty-stream.ts';
import { swallowMessage } from './message-filter.ts';

export type Direction = 'to-server' | 'to-client';

/**
 * A TCP proxy that fails on request. Faults hold for the connections that are open and those to come, until
 * `heal`. It is bytes in, bytes out, so it stands before PostgreSQL and before our own services alike.
 */
export interface FaultyProxy {
  readonly host: string;
  readonly port: number;
  /** The same connection string, through the proxy. */
  through(dsn: string): string;
  /** Adds latency to every chunk of a direction. */
  delay(direction: Direction, milliseconds: number): void;
  /** Swallows a direction silently: a firewall that forgot the connection. */
  cut(direction: Direction): void;
  /** Lets n more bytes pass, then closes both ends. */
  dropAfter(direction: Direction, bytes: number): void;
  /** Swallows the n-th message of PostgreSQL from now on; call before connecting. See {@link swallowMessage}. */
  swallow(n: number, type?: string): void;
  /** Ends the servers' side and leaves the clients' open and silent: the peer lost power. */
  halfOpen(): void;
  /** Resets every open connection on both sides. */
  reset(): void;
  /** Connections from now on are faultless; what was half open stays so. */
  heal(): void;
  close(): Promise<void>;
}

interface Connection {
  readonly client: Socket;
  readonly upstream: Socket;
}

/** Starts a proxy on a free loopback port before `host:port`. */
export async function startFaultyProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<FaultyProxy> {
  const faults = { 'to-server': { ...NO_FAULTS }, 'to-client': { ...NO_FAULTS } };
  const open = new Set<Connection>();
  const server = createServer((client) => join(client, connect(target), { faults, open }));
  const port = await listen(server);
  const reset = () => [...open].forEach(resetBoth);
  return {
    host: '127.0.0.1',
    port,
    through: (dsn) => redirected(dsn, port),
    delay: (direction, milliseconds) => Object.assign(faults[direction], { delayMs: milliseconds }),
    cut: (direction) => Object.assign(faults[direction], { cut: true }),
    dropAfter: (direction, bytes) => Object.assign(faults[direction], { budget: bytes }),
    swallow: (n, type) => Object.assign(faults['to-client'], { filter: swallowMessage(n, type) }),
    halfOpen: () => {
      faults['to-client'].cut = true;
      for (const { upstream } of open) upstream.resetAndDestroy();
    },
    reset,
    heal: () => {
      for (const direction of Object.values(faults)) Object.assign(direction, NO_FAULTS);
    },
    close: () => {
      reset();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function join(
  client: Socket,
  upstream: Socket,
  proxy: { faults: Record<Direction, Faults>; open: Set<Connection> },
): void {
  const connection = { client, upstream };
  const { faults, open } = proxy;
  const close = () => resetBoth(connection);
  open.add(connection);
  for (const socket of [client, upstream]) socket.setNoDelay(true).on('error', () => undefined);
  client.on('close', () => {
    open.delete(connection);
    upstream.destroy();
  });
  upstream.on('close', () => void (faults['to-client'].cut || client.destroy()));
  carry({ source: client, target: upstream, faults: faults['to-server'], close });
  carry({ source: upstream, target: client, faults: faults['to-client'], close });
}

function resetBoth({ client, upstream }: Connection): void {
  client.resetAndDestroy();
  upstream.resetAndDestroy();
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function redirected(dsn: string, port: number): string {
  const url = new URL(dsn);
  url.host = `127.0.0.1:${port}`;
  return url.href;
}
