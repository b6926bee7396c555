import type { ControlEntry } from '@mnv/protocol';
import { decodeControlEntry } from '@mnv/protocol';
import { openCheckpoint, openTileLog, parseVerifierKey } from '@mnv/transparency-log';
import type { FetchFile, TileLog } from '@mnv/transparency-log';
import type { RunningVault } from './running-vault.ts';

/** The files of the control log as a vault serves them to the proxy. */
export function controlFiles(vault: RunningVault): FetchFile {
  return async (path) => {
    const { status, body } = await vault.call(`/internal/control-log/${path}`, undefined);
    const { note, file } = (body ?? {}) as { note?: string; file?: string };
    if (status === 404) return undefined;
    return path === 'checkpoint' ? Buffer.from(note ?? '') : Buffer.from(file ?? '', 'base64');
  };
}

/** The control log as it can be proven from what a vault serves. */
export function openControlLog(vault: RunningVault, vkey: string): Promise<TileLog> {
  return openTileLog(controlFiles(vault), (note) => openCheckpoint(note, parseVerifierKey(vkey)));
}

export async function entriesOf(log: TileLog): Promise<ControlEntry[]> {
  return (await Array.fromAsync(log.entries())).map((bytes) => decodeControlEntry(bytes));
}

/** Waits for what a vault does by itself. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
