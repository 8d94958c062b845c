import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMemoryBde, type Ended, type MemoryBde, type MemoryWorldPaths } from '../engine/memory-bde.js';
import { layOwnData, type OwnData } from './own-data.js';

let bde: MemoryBde;
let world: MemoryWorldPaths;
let own: OwnData;

beforeAll(async () => {
  bde = await buildMemoryBde();
  world = bde.newWorld();
  own = layOwnData(join(world.dir, 'own'));
});

afterAll(() => bde.remove());

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return bde.run(world, argv, env);
}

const flags = () => ['--cookbooks', own.cookbooks, '--distros', own.distros];

describe("cookbooks and distros of one's own", () => {
  it('make a cluster, whose pins keep them', async () => {
    const created = await run(['cluster', 'create', 'g1', '--spec', own.spec, ...flags()]);
    rmSync(join(own.cookbooks, 'motd/recipes'), { recursive: true });

    const converged = await run(['cluster', 'converge', 'g1', '--role', 'greeter']);
    const explained = await run(['config', 'explain', 'g1', 'motd.greeting', '--json']);
    own = layOwnData(join(world.dir, 'own'));

    expect(created.exitCode, created.stderr).toBe(0);
    expect(converged.exitCode, converged.stderr).toBe(0);
    expect(JSON.parse(explained.stdout)).toMatchObject({
      values: [
        {
          key: 'motd.greeting',
          value: 'hello',
          layer: 'cookbook',
          place: `${own.cookbooks}/motd/attributes.yaml:1:36`,
        },
      ],
    });
  });

  it('change a cluster that was made of them, and have to be named again', async () => {
    await run(['cluster', 'create', 'g2', '--spec', own.spec, ...flags()]);
    const change = ['cluster', 'config', 'g2', '--set', 'configuration.motd.greeting=moin', '--plan', '--json'];

    const planned = await run([...change, ...flags()]);
    const applied = await run(['cluster', 'apply', 'g2', '--spec', own.spec, '--plan', '--json'], {
      BDE_COOKBOOKS: own.cookbooks,
      BDE_DISTROS: own.distros,
    });
    const unnamed = await run(change);

    expect(planned.exitCode, planned.stdout).toBe(0);
    expect(planned.stdout).toContain('"converge/g2-node-0/greeter"');
    expect(applied.exitCode, applied.stdout).toBe(0);
    expect(JSON.parse(unnamed.stdout)).toMatchObject({ error: { code: 'SPEC_UNKNOWN_ROLE' } });
  });

  it('change a cluster whose spec gave a secret, which it keeps', async () => {
    const withSecret = layOwnData(join(world.dir, 'secret'), {
      'attributes.yaml':
        'greeting: { type: string, default: hello }\ntoken: { type: string, secret: true, maxLength: 8 }\n',
    });
    const data = ['--cookbooks', withSecret.cookbooks, '--distros', withSecret.distros];
    const create = ['cluster', 'create', 'g3', '--spec', withSecret.spec, ...data];
    await run([...create, '--set', 'configuration.motd.token=geheim']);

    const set = ['--set', 'configuration.motd.greeting=moin', '--plan', '--json'];
    const planned = await run(['cluster', 'config', 'g3', ...data, ...set]);

    expect(planned.exitCode, planned.stdout).toBe(0);
    expect(planned.stdout).toContain('"converge/g3-node-0/greeter"');
  });

  it('change a cluster whose provider is not the one that the site takes for new ones', async () => {
    await run(['cluster', 'create', 'g4', '--spec', own.spec, ...flags()]);
    const site = join(world.dir, 'metal.yaml');
    const hosts = '{ kind: static, settings: { hosts: [{ address: 10.0.0.7 }] } }';
    writeFileSync(site, `provider: metal\nmirror: { address: 10.0.0.1 }\nproviders: { metal: ${hosts} }\n`);

    const argv = ['cluster', 'apply', 'g4', '--spec', own.spec, ...flags(), '--site', site, '--plan', '--json'];
    const planned = await run(argv);

    expect(planned.exitCode, planned.stdout).toBe(0);
    expect(JSON.parse(planned.stdout)).toMatchObject({ plan: { steps: [] } });
  });

  it('move the ports that people are told of with an attribute', async () => {
    const web = layOwnData(join(world.dir, 'web'), {
      'attributes.yaml': 'greeting: { type: string, default: hello }\nport: { type: integer, default: 8080 }\n',
      'roles/greeter.yaml':
        'summary: x\nrunList: ["motd::greet"]\nports: [{ name: http, port: "{{attributes.port}}", scheme: http }]\n',
    });
    const data = ['--cookbooks', web.cookbooks, '--distros', web.distros];

    const created = await run(['cluster', 'create', 'g6', '--spec', web.spec, ...data, '--json']);
    const set = ['--set', 'configuration.motd.port=9090'];
    const moved = await run(['cluster', 'config', 'g6', ...data, ...set, '--json']);

    const ports = [created, moved].map(({ stdout }) => {
      const { cluster } = JSON.parse(stdout) as { cluster: { endpoints: readonly { url: string }[] } };
      return cluster.endpoints.map(({ url }) => url.replace(/^.*:/, ''));
    });
    expect(ports).toEqual([['8080'], ['9090']]);
  });

  it('are found by the environment', async () => {
    const env = { BDE_COOKBOOKS: `${own.cookbooks}:${own.cookbooks}`, BDE_DISTROS: own.distros };

    const verdict = await run(['spec', 'validate', own.spec], env);

    expect(verdict).toMatchObject({ exitCode: 0, stdout: `${own.spec}: holds, 1 nodes\n` });
  });

  it('are found by the site file, relative to it', async () => {
    const site = join(world.dir, 'own/bde.yaml');
    writeFileSync(site, 'formatVersion: 1\nprovider: memory\ncookbooks: [cookbooks]\ndistros: [distros]\n');

    const verdict = await run(['spec', 'validate', own.spec, '--site', site]);
    const listed = await run(['distro', 'list', '--site', site, '--json']);

    expect(verdict).toMatchObject({ exitCode: 0, stdout: `${own.spec}: holds, 1 nodes\n` });
    expect(listed.stdout).toContain('"greeting@1"');
  });

  it('are not found where nothing names them', async () => {
    const verdict = await run(['spec', 'validate', own.spec, '--json']);

    expect(verdict.exitCode).toBe(3);
    expect(JSON.parse(verdict.stdout)).toMatchObject({ files: [{ errors: [{ code: 'SPEC_UNKNOWN_ROLE' }] }] });
  });

  it('must not have a name that is there already', async () => {
    const twin = layOwnData(join(world.dir, 'twin'));

    const verdict = await run(['distro', 'validate', ...flags(), '--cookbooks', twin.cookbooks, '--json']);

    expect(verdict.exitCode).toBe(3);
    expect(JSON.parse(verdict.stdout)).toMatchObject({
      error: {
        code: 'COOKBOOK_INVALID',
        message: `The cookbook motd is there twice, in ${own.cookbooks}/motd and in ${twin.cookbooks}/motd`,
      },
    });
  });

  it('are checked together with what comes with bde', async () => {
    const verdict = await run(['distro', 'validate', ...flags(), '--json']);

    expect(verdict.exitCode, verdict.stdout).toBe(0);
    expect(JSON.parse(verdict.stdout)).toMatchObject({ holds: true, counts: { distros: 4 } });
  });

  it('name the manifest that is broken, and where a package repo was looked for', async () => {
    const torn = layOwnData(join(world.dir, 'torn'));
    const manifest = join(torn.distros, 'manifest.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"repos":[]', '"repos":["greet"]'));
    const data = [
      '--cookbooks',
      torn.cookbooks,
      '--distros',
      torn.distros,
      '--repos',
      join(torn.cookbooks, '../repos'),
    ];

    const verdict = await run(['distro', 'validate', ...data, '--json']);
    const planned = await run(['cluster', 'create', 'g5', '--spec', torn.spec, ...data, '--plan', '--json']);

    const looked = join(world.dir, 'torn/repos/greet/repo.yaml');
    const { errors } = JSON.parse(verdict.stdout) as { errors: unknown[] };
    expect(errors).toMatchObject([
      {
        subject: { file: manifest },
        hint: expect.stringContaining(`or ${looked}, name its folder with --repos`) as string,
      },
    ]);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      error: {
        message: 'The distro names the package repo greet, and there is none.',
        hint: expect.stringContaining(looked) as string,
      },
    });
  });

  it('are made with package repos from elsewhere, which later changes do not need', async () => {
    const world = bde.newWorld({ greet: { packages: ['greet'] } });
    const made = layOwnData(join(world.dir, 'own'));
    const manifest = join(made.distros, 'manifest.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"repos":[]', '"repos":["greet"]'));
    const data = ['--cookbooks', made.cookbooks, '--distros', made.distros, '--repos', join(world.dir, 'own/repos')];

    const created = await bde.run(world, ['cluster', 'create', 'g5', '--spec', made.spec, ...data]);
    writeFileSync(join(world.world, 'repos.json'), '{}');
    const resized = await bde.run(world, ['cluster', 'resize', 'g5', '--group', 'node', '--count', '2']);

    expect(created.exitCode, created.stderr).toBe(0);
    expect(resized.exitCode, resized.stderr).toBe(0);
  });
});
