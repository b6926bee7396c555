import { setTimeout as pause } from 'node:timers/promises';
import { type PostgresServer, startPostgres } from '@mnv/testing';
import type { Program } from './program.ts';

const LOOK_EVERY_MS = 250;

export type PostgresOrder = {
  directory: string;
  port: number;
  superPassword: string;
  durability: 'durable' | 'fast';
  /** Hears of every server started, the first and any restart. */
  started: (server: PostgresServer) => void;
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function endOf(pid: number): Promise<string> {
  while (isAlive(pid)) await pause(LOOK_EVERY_MS);
  return 'the server is gone';
}

/** The embedded PostgreSQL as something to supervise. Ending it writes a checkpoint first. */
export function postgresProgram(order: PostgresOrder): Program {
  const { directory, port, superPassword, durability } = order;
  return {
    name: 'PostgreSQL',
    start: async () => {
      const server = await startPostgres({ directory, port, superPassword, durability });
      order.started(server);
      const { pid } = server;
      const ended = endOf(pid);
      return {
        pid,
        ended,
        stop: async () => {
          if (isAlive(pid)) await server.stop('fast');
          await ended;
        },
      };
    },
  };
}
