import { writeTreeExport } from '@mnv/erasure-tree';
import type { ExportEnd, ExportSource } from '@mnv/erasure-tree';
import type { ExportPlace, ExportWriter } from './export-place.ts';
import { exportName } from './export-place.ts';

/** An export as it was written: the same bytes in every place. */
export type WrittenExport = ExportEnd & { name: string; epoch: number; takenAt: number };

type Open = { place: ExportPlace; writer: ExportWriter };

export class ExportFailed extends Error {
  override readonly name = 'ExportFailed';
}

/**
 * Writes the key tree to every place at once. A place that fails loses what was begun there and is told; the
 * others get theirs all the same, for one copy is better than none.
 * @throws ExportFailed when not every place has it: then nothing that is older may go
 */
export async function exportKeyTree(
  source: ExportSource,
  places: readonly ExportPlace[],
  reportFault: (place: string, error: unknown) => void,
): Promise<WrittenExport> {
  const { takenAt, head } = source.header;
  const name = exportName({ epoch: head.epoch, takenAt });
  const open = new Map<string, Open>();
  const each = async (work: (one: Open) => Promise<void>): Promise<void> => {
    for (const one of open.values()) {
      await work(one).catch(async (error: unknown) => {
        open.delete(one.place.name);
        reportFault(one.place.name, error);
        await one.writer.abort();
      });
    }
  };
  for (const place of places) {
    try {
      open.set(place.name, { place, writer: await place.create(name) });
    } catch (error) {
      reportFault(place.name, error);
    }
  }
  const end = await writeAll(source, each);
  await each(({ writer }) => writer.commit());
  if (open.size < places.length) throw new ExportFailed('the key tree is not in every place');
  return { ...end, name, epoch: head.epoch, takenAt };
}

async function writeAll(
  source: ExportSource,
  each: (work: (one: Open) => Promise<void>) => Promise<void>,
): Promise<ExportEnd> {
  const writing = writeTreeExport(source);
  try {
    for (;;) {
      const { value, done } = await writing.next();
      if (done) return value;
      await each(({ writer }) => writer.write(value));
    }
  } catch (error) {
    await each(({ writer }) => writer.abort());
    throw error;
  }
}
