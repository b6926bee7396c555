import type { Disposal, Disposals } from '@mnv/client';
import type { Command } from '../command.ts';
import { DISPOSAL_OPTIONS, disposalIdOf, withPerson } from './disposal-options.ts';
import { disposalInWords, disposalsInWords } from './disposal-text.ts';

const WAIT_MS = 1_000;
const ENDED = new Set(['certified', 'stopped']);

/** From here on the records are gone for readers, and soon for everybody. */
export const DISPOSAL_ORDER: Command = acting({
  name: 'disposal order',
  summary: 'Have an approved disposal carried out. There is no way back once keys are dropped.',
  act: async (disposals, id) => disposals.order(await disposals.get(id)),
});

/** The way back, while there is one. */
export const DISPOSAL_STOP: Command = acting({
  name: 'disposal stop',
  summary: 'Stop a disposal while no key is dropped; its records can be read again.',
  act: async (disposals, id) => disposals.stop(await disposals.get(id)),
});

/** How far it is. */
export const DISPOSAL_STATUS: Command = acting({
  name: 'disposal status',
  summary: 'Show a disposal: case, reason, count, batch hash, approvals, state.',
  act: (disposals, id) => disposals.get(id),
});

/** Waits until there is a certificate, or none will be. */
export const DISPOSAL_WAIT: Command = acting({
  name: 'disposal wait',
  summary: 'Wait until a disposal is certified or stopped, and show it.',
  act: async (disposals, id) => {
    for (;;) {
      const disposal = await disposals.get(id);
      if (ENDED.has(disposal.state)) return disposal;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  },
});

/** All disposals of a tenant. */
export const DISPOSAL_LIST: Command = {
  name: 'disposal list',
  summary: 'List the disposals of a tenant, the newest first.',
  options: DISPOSAL_OPTIONS,
  run: async ({ values }, surroundings) => {
    const found = await withPerson({ values, surroundings }, async ({ disposals }) => {
      const all: Disposal[] = [];
      for await (const one of disposals.list()) all.push(one);
      return all;
    });
    const json = values['json'] === true;
    surroundings.out(json ? `${JSON.stringify(found)}\n` : disposalsInWords(found));
    return 0;
  },
};

function acting(what: {
  name: string;
  summary: string;
  act: (disposals: Disposals, disposalId: string) => Promise<Disposal>;
}): Command {
  const { name, summary, act } = what;
  return {
    name,
    summary,
    positionals: ['DISPOSAL'],
    options: DISPOSAL_OPTIONS,
    run: async ({ values, positionals }, surroundings) => {
      const disposalId = disposalIdOf(positionals);
      const disposal = await withPerson({ values, surroundings }, ({ disposals }) =>
        act(disposals, disposalId),
      );
      const json = values['json'] === true;
      surroundings.out(json ? `${JSON.stringify(disposal)}\n` : disposalInWords(disposal));
      return 0;
    },
  };
}
