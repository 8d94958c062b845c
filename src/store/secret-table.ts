import type { SecretTable } from '../engine/ports/store.js';
import type { PerformWrite } from './group-writes.js';
import type { StoreDatabase } from './schema.js';

export function createSecretTable(db: StoreDatabase, write: PerformWrite): SecretTable {
  return {
    put: async (owner, name, sealed, setAt) => {
      const value = { sealed, set_at: setAt ?? null };
      await db
        .insertInto('secrets')
        .values({ owner, name, ...value })
        .onConflict((conflict) => conflict.columns(['owner', 'name']).doUpdateSet(value))
        .execute();
    },
    get: async (owner, name) => {
      const one = db.selectFrom('secrets').select('sealed').where('owner', '=', owner).where('name', '=', name);
      return (await one.executeTakeFirst())?.sealed;
    },
    list: async (owner) => {
      const names = db.selectFrom('secrets').select('name').where('owner', '=', owner).orderBy('name');
      return (await names.execute()).map((row) => row.name);
    },
    setTimes: async (owner) => {
      const times = await db.selectFrom('secrets').select(['name', 'set_at']).where('owner', '=', owner).execute();
      return new Map(times.flatMap((row) => (row.set_at === null ? [] : [[row.name, row.set_at] as const])));
    },
    remove: (owner, name) =>
      write(async (transaction) => {
        await transaction.deleteFrom('secrets').where('owner', '=', owner).where('name', '=', name).execute();
      }),
  };
}
