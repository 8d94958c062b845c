import type { StoreDatabase } from './schema.js';

/** Runs several statements as one: in the transaction that `db` is, or in one of their own. */
export async function withinTransaction<Result>(
  db: StoreDatabase,
  work: (transaction: StoreDatabase) => Promise<Result>,
): Promise<Result> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}

/** SQLite takes 32,766 values a statement; PostgreSQL 65,535. */
const ROWS_PER_STATEMENT = 500;

/** Slices of a list that fit one statement, in order. */
export function inStatements<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / ROWS_PER_STATEMENT);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * ROWS_PER_STATEMENT, (index + 1) * ROWS_PER_STATEMENT),
  );
}
