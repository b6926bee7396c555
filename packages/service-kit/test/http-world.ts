import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type HttpWorld = { server: Server; port: number; stop(): Promise<void> };

/** An application behind a real listening socket. */
export async function listenWith(app: RequestListener): Promise<HttpWorld> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { server, port, stop };
}
