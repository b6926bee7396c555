import type { ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';

/**
 * The connections of a server. Node keeps one alive after its last answer even when the server is closing, and
 * takes a new one on which nothing was asked for busy; so we know ourselves which are at work.
 */
export class OpenConnections {
  readonly #sockets = new Set<TLSSocket>();
  readonly #atWork = new Map<unknown, number>();
  #draining = false;

  add(socket: TLSSocket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  /** A request begins; its connection is at work until the answer is over. */
  work(res: ServerResponse): void {
    const { socket } = res.req;
    this.#atWork.set(socket, (this.#atWork.get(socket) ?? 0) + 1);
    res.once('close', () => {
      const left = (this.#atWork.get(socket) ?? 1) - 1;
      if (left > 0) this.#atWork.set(socket, left);
      else this.#atWork.delete(socket);
      if (this.#draining && left === 0) socket.destroySoon();
    });
  }

  /** Ends the idle connections now, and each of the others after its answer. */
  drain(): void {
    this.#draining = true;
    for (const socket of this.#sockets) if (!this.#atWork.has(socket)) socket.destroySoon();
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
