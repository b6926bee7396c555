import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';

type Version = { bytes: Buffer; lockMode: string; retainUntil: number };

/**
 * As much of S3 as the adapter speaks, with the semantics it relies on: a name is taken once under
 * `If-None-Match: *`, checksums are compared, and a version under COMPLIANCE does not go before its day. It
 * checks no signature.
 */
export async function startS3(options: { objectLock: boolean }) {
  const objects = new Map<string, Version>();
  const server = createServer((req, res) => void answer(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [path = ''] = (req.url ?? '').split('?');
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    if (req.method === 'PUT') return put(path, req, res, Buffer.concat(chunks));
    const found = objects.get(path);
    if (!found) return refuse(res, 404, 'NoSuchKey');
    if (req.method === 'DELETE') {
      if (found.retainUntil > Date.now()) return refuse(res, 403, 'AccessDenied');
      objects.delete(path);
      res.writeHead(204).end();
      return;
    }
    res.setHeader('x-amz-object-lock-mode', found.lockMode);
    res.setHeader('x-amz-object-lock-retain-until-date', new Date(found.retainUntil).toISOString());
    res.setHeader('content-length', found.bytes.length);
    res.writeHead(200).end(req.method === 'HEAD' ? undefined : found.bytes);
  }

  function put(path: string, req: IncomingMessage, res: ServerResponse, bytes: Buffer): void {
    const header = (name: string) => String(req.headers[name] ?? '');
    const lockMode = header('x-amz-object-lock-mode');
    const sum = createHash('sha256').update(bytes).digest('base64');
    if (lockMode !== '' && !options.objectLock) return refuse(res, 400, 'InvalidRequest');
    if (header('x-amz-checksum-sha256') !== sum) return refuse(res, 400, 'BadDigest');
    if (header('if-none-match') === '*' && objects.has(path))
      return refuse(res, 412, 'PreconditionFailed');
    const retainUntil = Date.parse(header('x-amz-object-lock-retain-until-date'));
    objects.set(path, { bytes, lockMode, retainUntil });
    res.writeHead(200).end();
  }

  return {
    objects,
    client: new S3Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'ap-northeast-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
export type S3Fake = Awaited<ReturnType<typeof startS3>>;

function refuse(res: ServerResponse, status: number, code: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`;
  res.writeHead(status, { 'content-type': 'application/xml' }).end(body);
}
