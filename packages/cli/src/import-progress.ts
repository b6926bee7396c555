const EVERY_MS_ON_TERMINAL = 200;
const EVERY_MS_IN_LOG = 5_000;

export type Progress = { rows: number; bytes: number; totalBytes: number };

/** `42 %  12,000 件  850 件/秒  残り / left 1:05`. The rest is guessed from the bytes read so far. */
export function progressLine(progress: Progress, elapsedMs: number): string {
  const { rows, bytes, totalBytes } = progress;
  const share = totalBytes === 0 ? 1 : Math.min(1, bytes / totalBytes);
  const seconds = Math.max(elapsedMs / 1000, 0.001);
  const left = share === 0 ? undefined : (seconds / share) * (1 - share);
  const parts = [
    `${Math.floor(share * 100)} %`,
    `${rows.toLocaleString('en-US')} 件 / rows`,
    `${Math.round(rows / seconds).toLocaleString('en-US')} 件/秒 / per s`,
    `残り / left ${left === undefined ? '?' : clock(left)}`,
  ];
  return parts.join('  ');
}

type Terminal = { err: (text: string) => void; errIsTerminal: boolean; now: () => number };

/** Shows how far the numbers held already can be compared; nothing when that takes no time. */
export function makePreparationMeter({ err, errIsTerminal, now }: Terminal) {
  const due = errIsTerminal ? EVERY_MS_ON_TERMINAL : EVERY_MS_IN_LOG;
  let shownAt = now();
  let isShown = false;
  return {
    show: ({ state, opened, of }: { state: string; opened: number; of: number }): void => {
      if (state === 'missing')
        return err('重複を確認できないまま登録します / storing without comparing numbers\n');
      if (state === 'ready' ? !isShown : now() - shownAt < due) return;
      [shownAt, isShown] = [now(), true];
      const count = `${opened.toLocaleString('en-US')} / ${of.toLocaleString('en-US')} 件`;
      const line = `重複確認の準備 / preparing to compare numbers  ${count}`;
      const end = state === 'ready' ? '\n' : '';
      err(errIsTerminal ? `\r\u001b[K${line}${end}` : `${line}\n`);
    },
  };
}

/** Shows progress now and then: over one line on a terminal, line by line elsewhere. */
export function makeProgressMeter(surroundings: Terminal) {
  const { err, errIsTerminal, now } = surroundings;
  const startedAt = now();
  let shownAt = startedAt;
  return {
    show: (progress: Progress): void => {
      const due = errIsTerminal ? EVERY_MS_ON_TERMINAL : EVERY_MS_IN_LOG;
      if (now() - shownAt < due) return;
      shownAt = now();
      const line = progressLine(progress, now() - startedAt);
      err(errIsTerminal ? `\r\u001b[K${line}` : `${line}\n`);
    },
    end: (progress: Progress): void => {
      const line = progressLine(progress, now() - startedAt);
      err(errIsTerminal ? `\r\u001b[K${line}\n` : `${line}\n`);
    },
  };
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  return `${minutes}:${String(whole % 60).padStart(2, '0')}`;
}
