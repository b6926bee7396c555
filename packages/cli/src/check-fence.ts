import type { Check } from './doctor-check.ts';

const NAME = '復元フェンス / restore fence';

/** Whether the vault serves, as the proxy's readiness tells beside it (`vault`). */
export function checkFence(readiness: string): Check {
  const state = stateIn(readiness);
  if (state === 'serving') return { name: NAME, state: 'ok', found: '開 / open' };
  if (state === 'reconciling')
    return {
      name: NAME,
      state: 'fail',
      found: '閉 / closed: no record is released, stored, erased or shown',
      todo: 'Run mynumber restore status as an administrator; see docs/runbooks/restore.md or lost-root.md.',
    };
  return {
    name: NAME,
    state: 'fail',
    found: '不明 / the proxy cannot tell',
    todo: 'See whether the vault runs and the proxy reaches it, and look again.',
  };
}

function stateIn(readiness: string): unknown {
  try {
    return (JSON.parse(readiness) as { vault?: unknown } | null)?.vault;
  } catch {
    return undefined;
  }
}
