import { jsonBody } from '@mnv/service-kit';
import { baselinePool, ownIdentity, serveBaseline } from './baseline-server.ts';

/** The second of two hops: reads one plain row by its key. */
const READ = {
  name: 'read-plain-row',
  text: `select record_id as "recordId", individual_number as "individualNumber"
    from plain_number where record_id = $1`,
};

const pool = baselinePool();

await serveBaseline(
  ownIdentity(),
  [
    jsonBody(),
    async (req, res) => {
      const { recordId } = req.body as { recordId: string };
      const { rows } = await pool.query({ ...READ, values: [recordId] });
      res.status(rows.length === 1 ? 200 : 404).json(rows[0] ?? {});
    },
  ],
  () => pool.end(),
);
