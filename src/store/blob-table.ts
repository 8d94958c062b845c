import { createHash } from 'node:crypto';
import type { BlobTable } from '../engine/ports/store.js';
import { BdeError } from '../errors/bde-error.js';
import type { Digest } from '../errors/ids.js';
import type { StoreDatabase } from './schema.js';
import { inStatements, withinTransaction } from './within-transaction.js';

export function createBlobTable(db: StoreDatabase): BlobTable {
  return {
    put: (content) => putBlob(db, content),
    get: (digest) => getBlob(db, digest),
    has: async (digest) => {
      const row = await db.selectFrom('blobs').select('digest').where('digest', '=', digest).executeTakeFirst();
      return row !== undefined;
    },
    removeExcept: (keep) => removeExcept(db, keep),
  };
}

async function putBlob(db: StoreDatabase, content: Buffer): Promise<Digest> {
  const digest = sha256(content);
  await db
    .insertInto('blobs')
    .values({ digest, content })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute();
  return digest;
}

async function getBlob(db: StoreDatabase, digest: Digest): Promise<Buffer> {
  const row = await db.selectFrom('blobs').select('content').where('digest', '=', digest).executeTakeFirst();
  if (row === undefined) throw unusableBlob(`The store has no blob ${digest}.`);
  // SQLite has no page checksums: what was pinned must be what runs.
  if (sha256(row.content) !== digest) throw unusableBlob(`The content of blob ${digest} does not match its digest.`);
  return row.content;
}

function unusableBlob(message: string): BdeError {
  return new BdeError('STATE_INVALID', message, {
    hint: 'Restore the store from a backup, or pin the inputs anew with: bde cluster apply --spec',
  });
}

async function removeExcept(db: StoreDatabase, keep: ReadonlySet<Digest>): Promise<number> {
  return withinTransaction(db, async (transaction) => {
    const rows = await transaction.selectFrom('blobs').select('digest').execute();
    const doomed = rows.map((row) => row.digest).filter((digest) => !keep.has(digest));
    for (const digests of inStatements(doomed)) {
      await transaction.deleteFrom('blobs').where('digest', 'in', digests).execute();
    }
    return doomed.length;
  });
}

function sha256(content: Buffer): Digest {
  return createHash('sha256').update(content).digest('hex') as Digest;
}
