import pg from 'pg';

const RECORDS_A_STATEMENT = 50_000;

/** One value of a record's events, as SQL over its number `n`. */
type EventSql = { id: string; content: string };

/** Three rules each (the book, a declaration, employment insurance), the leaving, and the end of the purpose. */
const EVENTS: readonly EventSql[] = [
  {
    id: `'o' || n`,
    content: `'kind', 'number-omitted', 'on', year || '-01-20', 'deadline', year || '-01-23'`,
  },
  {
    id: `'f' || n`,
    content: `'kind', 'document-submitted', 'on', year || '-01-20', 'document', 'fuyo',
      'reference', 'f' || n, 'deadline', year || '-01-23'`,
  },
  {
    id: `'e' || n`,
    content: `'kind', 'document-submitted', 'on', year || '-04-05', 'document', 'ei_insured', 'reference', 'e' || n`,
  },
  { id: `'l' || n`, content: `'kind', 'left', 'on', year || '-03-31'` },
  {
    id: `'p' || n`,
    content: `'kind', 'purpose-ended', 'on', year || '-12-31', 'purpose', 'TAX-WITHHOLD'`,
  },
];

const RECORDS = `insert into tracked_record (tenant_id, record_id, subject, individual_ref, purposes, stored_on,
    state, changed_at)
  select $1, md5($1 || n)::uuid, 'E', 'p' || n, array['TAX-WITHHOLD', 'TAX-BOOK'], '2016-01-01', 'living', now()
  from generate_series($2::int, $3::int) as n`;
const EVENT_ROWS = ({ id, content }: EventSql) => `
  insert into retention_event (tenant_id, event_id, record_id, content, recorded_on, told_by)
  select $1, ${id}, md5($1 || n)::uuid,
    jsonb_build_object('id', ${id}, 'recordedOn', '2016-01-02', ${content}), '2016-01-02', 'bench'
  from (select n, 2016 + n % 10 as year from generate_series($2::int, $3::int) as n) as numbered`;
const DECISION = `insert into retention_decision (tenant_id, decision_id, topic, value, reason, proposed_by,
    confirmed_at, confirmed_by, decided_on)
  values ($1, gen_random_uuid(), 'book', 'yes', 'bench', 'a', now(), 'b', '2016-01-01')`;

/**
 * Fills a tenant with leavers of ten years: about a third of them are due. As the superuser: the service's own
 * session has deadlines, and nobody waits for this.
 */
export async function fillRetention(
  adminDsn: string,
  tenant: string,
  records: number,
): Promise<void> {
  await asAdministrator(adminDsn, async (client) => {
    await client.query(`set session_replication_role = replica`);
    await client.query('insert into retention_tenant (tenant_id) values ($1)', [tenant]);
    await client.query(DECISION, [tenant]);
    for (let from = 1; from <= records; from += RECORDS_A_STATEMENT) {
      const range = [tenant, from, Math.min(records, from + RECORDS_A_STATEMENT - 1)];
      await client.query(RECORDS, range);
      for (const event of EVENTS) await client.query(EVENT_ROWS(event), range);
    }
    await client.query('vacuum (analyze)');
    await client.query('checkpoint');
  });
}

/** Asks for every life of the tenant to be computed anew. */
export async function askForAll(adminDsn: string, tenant: string): Promise<void> {
  await asAdministrator(adminDsn, (client) =>
    client.query('insert into life_scan (tenant_id) values ($1)', [tenant]),
  );
}

/** Work on a connection of the superuser’s, without a deadline. */
export async function asAdministrator<T>(
  adminDsn: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: adminDsn,
    options: '-c search_path=disposal',
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
