import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ArchiveStore } from './archive-store.ts';
import { requireObjectName } from './archive-store.ts';

const NAME_TAKEN = 412;

export type Bucket = {
  client: S3Client;
  bucket: string;
  /** Stands before every name, with its slash. */
  prefix?: string;
};

/**
 * Objects in a bucket with versioning and Object Lock, in mode COMPLIANCE: until its day nobody can delete an
 * object or shorten its time, not even the account's root. A bucket without Object Lock refuses to store.
 */
export function s3Archive({ client, bucket, prefix = '' }: Bucket): ArchiveStore {
  const placeOf = (name: string) => {
    requireObjectName(name);
    return { Bucket: bucket, Key: `${prefix}${name}` };
  };
  return {
    enforcesRetention: true,
    put: async (name, bytes, retainUntil) => {
      const order = new PutObjectCommand({
        ...placeOf(name),
        Body: bytes,
        // The name is taken once: two archivers never replace each other's objects.
        IfNoneMatch: '*',
        ChecksumAlgorithm: 'SHA256',
        ObjectLockMode: 'COMPLIANCE',
        ObjectLockRetainUntilDate: retainUntil,
      });
      try {
        await client.send(order);
        return 'stored';
      } catch (error) {
        if (isAnswer(error, NAME_TAKEN)) return 'exists';
        throw error;
      }
    },
    get: async (name) => {
      try {
        const { Body } = await client.send(new GetObjectCommand(placeOf(name)));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    retainedUntil: async (name) => {
      try {
        const head = await client.send(new HeadObjectCommand(placeOf(name)));
        return head.ObjectLockMode === 'COMPLIANCE' ? head.ObjectLockRetainUntilDate : undefined;
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
  };
}

function isAnswer(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}
