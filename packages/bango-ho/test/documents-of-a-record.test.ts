import { describe, expect, it } from '@jest/globals';
import type { RecordEvent, RecordFact } from '@mnv/bango-ho';
import { lifeOfRecord } from '@mnv/bango-ho';
import { TODAY, career, employee, note, relation } from './history.ts';

describe('the documents have clocks of their own', () => {
  const submitted = (document: string, more: object): RecordFact => ({
    ...note('2026-01-20'),
    kind: 'document-submitted',
    document,
    reference: document,
    ...more,
  });
  const documents = [
    submitted('fuyo', { deadline: '2026-01-23' }),
    submitted('ei_insured', {}),
    submitted('ei_other', { completedOn: '2026-02-28' }),
    submitted('id_images', {}),
    submitted('chosho_copy', {}),
    submitted('kigyo_nenkin', {}),
    submitted('choshu', {}),
  ];
  const lives = (events: readonly RecordEvent[]) =>
    lifeOfRecord(employee(events), TODAY).documents.map(({ document, life }) => [
      document,
      life.keepThrough ?? life.deleteBy,
      life.blockedBy[0]?.reason ?? 'free',
    ]);

  it('each by its own rule, whether or not the number lives on', () => {
    expect(new Set(lives([...career, ...documents]))).toEqual(
      new Set([
        ['fuyo', '2034-01-10', 'free'],
        ['ei_insured', '2030-03-31', 'free'],
        ['ei_other', '2028-02-29', 'free'],
        ['id_images', '2026-02-19', 'maximum-only'],
        ['chosho_copy', '2033-01-20', 'needs-check'],
        ['kigyo_nenkin', null, 'no-rule'],
        ['choshu', null, 'clock-not-started'],
      ]),
    );
  });

  it('have no life left once they were destroyed, until the like is submitted again', () => {
    const [fuyo] = documents.slice(0, 1);
    const destroyed = (reference: string, on: string): RecordFact => ({
      ...note(on),
      kind: 'document-destroyed',
      document: 'fuyo',
      reference,
    });
    const events = documents.slice(0, 1);

    expect(fuyo).toMatchObject({ reference: 'fuyo', on: '2026-01-20' });
    expect(lives([...events, destroyed('fuyo', '2034-02-01')])).toEqual([]);
    expect(lives([...events, destroyed('another', '2034-02-01')])).toHaveLength(1);
    expect(lives([...events, destroyed('fuyo', '2026-01-19')])).toHaveLength(1);
  });

  it('do not start to run by a transfer or while the person works on', () => {
    const papers = documents.slice(1, 2);

    expect(lives([...papers, relation('transferred', '2026-03-31')])).toEqual([
      ['ei_insured', null, 'clock-not-started'],
    ]);
  });
});
