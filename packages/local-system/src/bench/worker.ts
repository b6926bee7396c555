import { fork } from 'node:child_process';

export type Worker<Job, Answer> = {
  ask: (job: Job) => Promise<Answer>;
  stop: () => Promise<void>;
};

type Reply<Answer> = { answer: Answer } | { failed: string };

/** A process of its own that does one job at a time. It ends when this one does. */
export function startWorker<Job extends object | string, Answer>(
  script: string,
  parameters: readonly string[],
  environment: Record<string, string> = {},
): Worker<Job, Answer> {
  const child = fork(script, parameters, {
    stdio: ['ignore', 2, 2, 'ipc'],
    env: { ...process.env, ...environment },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ask: (job) =>
      new Promise((resolve, reject) => {
        const settle = (reply: Reply<Answer>) => {
          child.off('exit', gone);
          if ('failed' in reply) reject(new Error(reply.failed));
          else resolve(reply.answer);
        };
        const gone = () => reject(new Error('the load generator ended'));
        child.once('message', settle).once('exit', gone);
        child.send(job);
      }),
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** The other side of {@link startWorker}: does the jobs until the channel closes. */
export function serveJobs<Job, Answer>(perform: (job: Job) => Promise<Answer>): void {
  process.on('message', (job: Job) => {
    perform(job).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) => process.send?.({ failed: String(error) }),
    );
  });
  process.once('disconnect', () => process.exit());
}
