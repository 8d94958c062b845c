import type { HomeTable } from '../engine/ports/store.js';
import { fromJson, toJson } from './json-column.js';
import type { StoreDatabase } from './schema.js';

export function createHomeTable(db: StoreDatabase): HomeTable {
  return {
    put: async (key, value) => {
      const value_json = toJson(value);
      await db
        .insertInto('home')
        .values({ key, value_json })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value_json }))
        .execute();
    },
    get: async (key) => {
      const row = await db.selectFrom('home').select('value_json').where('key', '=', key).executeTakeFirst();
      return row === undefined ? undefined : fromJson(row.value_json);
    },
    list: async () => {
      const rows = await db.selectFrom('home').selectAll().orderBy('key').execute();
      return Object.fromEntries(rows.map((row) => [row.key, fromJson(row.value_json)]));
    },
  };
}
