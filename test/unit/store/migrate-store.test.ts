import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrateStore } from '../../../src/store/migrate-store.js';
import { MIGRATIONS } from '../../../src/store/migrations.js';

/** A store as the first format had it: a cluster of three nodes, one of which never converged. */
function firstFormat(): Database.Database {
  const database = new Database(':memory:');
  database.exec(MIGRATIONS[0] ?? '');
  database.pragma(`application_id = ${String(0x62646531)}`);
  database.pragma('user_version = 1');
  const put = database.prepare('insert into blobs values (?, ?)');
  put.run('pins', Buffer.from(JSON.stringify({ formatVersion: 1, resolved: 'resolved' })));
  put.run('resolved', Buffer.from(JSON.stringify(RESOLVED)));
  database.exec(`insert into clusters values
    ('C1', 'demo', 'RUNNING', 'local', 's', 'd@1', 0, 'pins', 1, 1, 1, 'key')`);
  const node = database.prepare("insert into nodes values ('C1', ?, ?, ?, ?, ?, 'net', ?)");
  node.run('demo-a-0', 'a', 0, '["store","basic"]', '10.0.0.1', '{"basic":"d1","store":"d2"}');
  node.run('demo-a-1', 'a', 1, '["store","basic"]', '10.0.0.2', '{"basic":"d1"}');
  node.run('demo-b-0', 'b', 0, '["agent"]', '10.0.0.3', '{}');
  database.exec(`insert into machines values
    ('M1', 'C1', 'demo-a-0', 1, 'current', 'key', 1), ('M2', 'C1', 'demo-gone-0', 1, 'retiring', 'key', 1)`);
  database.exec(
    "insert into operations values ('O1', 'C1', 'demo', 'create', 'succeeded', 1, 2, 'u', 'h', '{}', null, null)",
  );
  return database;
}

const RESOLVED = {
  nodes: [
    { name: 'demo-a-0', ordinal: 1 },
    { name: 'demo-a-1', ordinal: 2 },
    { name: 'demo-b-0', ordinal: 1001 },
  ],
  groups: [
    { name: 'a', size: { cpuCount: 2, memoryMiB: 1024, diskGiB: 10 }, swapMiB: 64, dataDisksGiB: [4, 5] },
    { name: 'b', size: { cpuCount: 1, memoryMiB: 512, diskGiB: 10 }, swapMiB: 0, dataDisksGiB: [] },
  ],
};

describe('a store of the first format', () => {
  it('gets ordinals, memberships and shapes out of its pins', () => {
    const database = firstFormat();

    migrateStore(database, 'store.sqlite');

    expect(database.prepare('select name, ordinal, member_of_json, power from nodes order by name').all()).toEqual([
      { name: 'demo-a-0', ordinal: 1, member_of_json: '["store","basic"]', power: 'on' },
      { name: 'demo-a-1', ordinal: 2, member_of_json: '["basic"]', power: 'on' },
      { name: 'demo-b-0', ordinal: 1001, member_of_json: '[]', power: 'on' },
    ]);
    const shapes = database.prepare('select shape_json from machines order by id').all() as { shape_json: string }[];
    expect(shapes.map(({ shape_json: text }) => JSON.parse(text) as unknown)).toEqual([
      { size: { cpuCount: 2, memoryMiB: 1024, diskGiB: 10 }, swapMiB: 64, dataDisksGiB: [4, 5] },
      null,
    ]);
  });

  it('has no former pins, no protection and no wish to cancel', () => {
    const database = firstFormat();

    migrateStore(database, 'store.sqlite');

    expect(database.prepare('select former_pins, protected from clusters').all()).toEqual([
      { former_pins: null, protected: 0 },
    ]);
    expect(database.prepare('select cancel_asked from operations').all()).toEqual([{ cancel_asked: 0 }]);
  });

  it('is left alone by a second migration', () => {
    const database = firstFormat();
    migrateStore(database, 'store.sqlite');
    const before = database.prepare('select * from nodes').all();

    migrateStore(database, 'store.sqlite');

    expect(database.prepare('select * from nodes').all()).toEqual(before);
  });
});
