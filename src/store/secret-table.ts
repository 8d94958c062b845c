import type { SecretTable } from '../engine/ports/store.js';
import type { PerformWrite } from './group-writes.js';
import type { StoreDatabase } from './schema.js';

export function createSecretTable(db: StoreDatabase, write: PerformWrite): SecretTable {
  return {
    put: async (owner, name, sealed) => {
      await db
        .insertInto('secrets')
        .values({ owner, name, sealed })
        .onConflict((conflict) => conflict.columns(['owner', 'name']).doUpdateSet({ sealed }))
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
    remove: (owner, name) =>
      write(async (transaction) => {
        await transaction.deleteFrom('secrets').where('owner', '=', owner).where('name', '=', name).execute();
      }),
  };
}
