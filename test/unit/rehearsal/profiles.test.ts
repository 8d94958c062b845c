import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Profile {
  readonly formatVersion?: number;
  readonly include?: readonly string[];
  readonly endpoints?: readonly { readonly paths: readonly string[] }[];
  readonly flagPages: readonly {
    readonly page: string;
    readonly flags: Readonly<Record<string, { readonly type?: string; readonly aliases?: readonly string[] }>>;
  }[];
}

const COOKBOOKS = new URL('../../../cookbooks/', import.meta.url).pathname;
const TYPES = ['string', 'integer', 'number', 'boolean', 'port', 'duration', 'bytes', 'zookeeper', 'leader', 'servers'];

/** Every JSON file below a cookbook's `rehearsal` folder; those without a format version are included by others. */
const files = readdirSync(COOKBOOKS, { recursive: true, encoding: 'utf8' })
  .filter((path) => /^[^/]+\/rehearsal\/[^/]+\.json$/.test(path))
  .sort();
const profiles = files.filter((path) => read(path).formatVersion !== undefined);

function read(path: string): Profile {
  return JSON.parse(readFileSync(join(COOKBOOKS, path), 'utf8')) as Profile;
}

function pagesOf(path: string): Profile['flagPages'] {
  const profile = read(path);
  const included = (profile.include ?? []).flatMap((name) => read(join(path, '..', name)).flagPages);
  return [...included, ...profile.flagPages];
}

describe('shipped rehearsal profiles', () => {
  it('are those of the daemons without packages', () => {
    expect(profiles).toEqual([
      'chronos/rehearsal/chronos.json',
      'marathon/rehearsal/marathon.json',
      'mesos/rehearsal/mesos-agent.json',
      'mesos/rehearsal/mesos-master.json',
    ]);
  });

  it.each(files)('%s gives each flag a page of the vendor', (path) => {
    const pages = pagesOf(path).map(({ page }) => page);

    expect(pages.filter((page) => !page.startsWith('https://'))).toEqual([]);
  });

  it.each(files)('%s uses only types that the daemon knows', (path) => {
    const types = pagesOf(path).flatMap(({ flags }) => Object.values(flags).map(({ type = 'string' }) => type));

    expect(types.filter((type) => !TYPES.includes(type))).toEqual([]);
  });

  it.each(profiles)('%s defines each flag and alias once', (path) => {
    const names = pagesOf(path).flatMap(({ flags }) =>
      Object.entries(flags).flatMap(([name, { aliases = [] }]) => [name, ...aliases]),
    );

    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it.each(profiles)('%s speaks only of flags that it defines', (path) => {
    const known = new Set(pagesOf(path).flatMap(({ flags }) => Object.keys(flags)));
    const { flagPages: _, ...behaviour } = read(path);
    const used = [...JSON.stringify(behaviour).matchAll(/\{\{flags\.(\w+)/g)].map((match) => String(match[1]));

    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(profiles)('%s answers each path once', (path) => {
    const paths = (read(path).endpoints ?? []).flatMap((endpoint) => endpoint.paths);

    expect(paths.filter((one, at) => paths.indexOf(one) !== at)).toEqual([]);
  });
});
