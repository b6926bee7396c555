import { resolve } from 'node:path';
import type { ArchiveStore } from './archive-store.ts';
import { directoryArchive } from './directory-archive.ts';

const BUCKET = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?((?:[a-z0-9-]+\/)*)$/;

/**
 * The archive a text names: `s3://BUCKET/` or `s3://BUCKET/PREFIX/`, with region and credentials as the AWS SDK
 * finds them; or a directory. The SDK is loaded only for a bucket.
 * @throws RangeError
 */
export async function openArchive(place: string, workingDirectory: string): Promise<ArchiveStore> {
  if (!place.startsWith('s3:')) return directoryArchive(resolve(workingDirectory, place));
  const [, bucket, prefix = ''] = BUCKET.exec(place) ?? [];
  if (bucket === undefined)
    throw new RangeError('An archive is a directory, s3://BUCKET/ or s3://BUCKET/PREFIX/.');
  const [{ S3Client }, { s3Archive }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('./s3-archive.ts'),
  ]);
  return s3Archive({ client: new S3Client({}), bucket, prefix });
}
