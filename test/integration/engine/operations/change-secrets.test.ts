import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CookbookSource } from '../../../../src/cookbook/types.js';
import type { EngineDependencies } from '../../../../src/engine/context.js';
import { changeCluster } from '../../../../src/engine/operations/change-cluster.js';
import { prepareChange } from '../../../../src/engine/operations/prepare-change.js';
import type { ChangeInputs, ChangeRequest } from '../../../../src/engine/operations/change-request.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { resumeCluster } from '../../../../src/engine/operations/resume-cluster.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import type { ClusterRecordContent } from '../../../../src/engine/ports/cluster-records.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import { takeSecretsOut } from '../../../../src/engine/take-secrets-out.js';
import { Secret } from '../../../../src/errors/secret.js';
import { flattenSteps, type Plan } from '../../../../src/plan/plan.js';
import { aChange, sampleSource } from '../../../unit/engine/sample-change.js';
import { cookbook } from '../../../unit/engine/sample-cluster.js';
import { testEngine, type TestEngine } from '../test-engine.js';

const BASE = cookbook('base', {
  'roles/basic.yaml': 'summary: Base\nrunList: ["base::node"]\n',
  'recipes/node.yaml': 'resources:\n  - file: /etc/motd\n    content: hello\n',
});

/** Members that hold two secrets, and others that hold none. */
function vault(attributes = ''): CookbookSource {
  return cookbook('vault', {
    'attributes.yaml': [
      'level: { type: integer, default: 1 }',
      'password: { type: string, secret: true, minLength: 8 }',
      'token: { type: string, secret: true, generate: { length: 24 } }',
      'spare: { type: string, secret: true, generate: { bytes: 16 } }',
      attributes,
      '',
    ].join('\n'),
    'roles/vault.yaml':
      'summary: Vault\nrunList: ["vault::server"]\ncardinality: { min: 1, max: null, quorum: true }\n' +
      'ready: { scope: quorum, withinSeconds: 60, probe: { command: probe-vault } }\n',
    'roles/plain.yaml': 'summary: Plain\nrunList: ["vault::plain"]\n',
    'recipes/server.yaml': [
      'resources:',
      '  - file: /etc/vault',
      "    mode: '0600'",
      '    content: "level {{attributes.level}} password {{attributes.password}} token {{attributes.token}}"',
      '  - service: vault',
      '',
    ].join('\n'),
    'recipes/plain.yaml': 'resources:\n  - file: /etc/plain\n    content: x\n',
  });
}

const PASSWORD = 'first-password';

let engine: TestEngine;
let deps: EngineDependencies;
/** The scripts that each key of each node was given, in order. */
let scripts: Record<string, string[]>;
let records: ClusterRecordContent[];

beforeEach(async () => {
  engine = testEngine();
  scripts = {};
  records = [];
  deps = watched(engine.deps);
  await create();
});

afterEach(() => engine.remove());

function watched({ nodes, records: sealed, ...rest }: EngineDependencies): EngineDependencies {
  return {
    ...rest,
    records: {
      ...sealed,
      seal: (content) => {
        records.push(content);
        return sealed.seal(content);
      },
    },
    nodes: {
      ...nodes,
      async connect(target, options) {
        const link = await nodes.connect(target, options);
        return {
          ...link,
          run: (request, onLine, signal) => {
            (scripts[`${target.name}/${request.key}`] ??= []).push(request.script.reveal());
            return link.run(request, onLine, signal);
          },
        };
      },
    },
  };
}

function inputs(configuration: object, attributes?: string): ChangeInputs {
  const cookbooks = [BASE, vault(attributes)];
  const groups = {
    v: { roles: ['vault'], count: 3, configuration: { vault: configuration } },
    p: { roles: ['plain'], count: 1 },
  };
  const source = sampleSource(groups);
  const { cluster, secrets } = takeSecretsOut(
    resolveSource(source, { name: 'demo', roles: parseCookbooks(cookbooks).roles, ordinals: new Map() }),
    parseCookbooks(cookbooks).cookbooks,
  );
  const configured = { ...groups, v: { ...groups.v, configuration: cluster.groups[0]!.configuration } };
  const distro = { repos: [], attributes: {} };
  return { source: sampleSource(configured), distro, cookbooks, secrets, isPreparedAnew: false };
}

async function create(): Promise<void> {
  const { source, distro, cookbooks, secrets } = inputs({ password: PASSWORD });
  const { roles } = parseCookbooks(cookbooks);
  const resolved = resolveSource(source, { name: 'demo', roles, ordinals: new Map() });
  await createCluster({ resolved, distro, cookbooks, secrets, source, rehearsal: false, asked: {} }, deps, engine.stop);
}

const warnings: string[] = [];

async function change(part: Partial<ChangeRequest>): Promise<boolean> {
  warnings.length = 0;
  const onWarning = (text: string): void => void warnings.push(text);
  return changeCluster(aChange(part), await engine.cluster(), { deps, stop: engine.stop, onWarning });
}

async function plan(part: Partial<ChangeRequest>): Promise<Plan> {
  return (await prepareChange(aChange(part), await engine.cluster(), deps)).plan;
}

const TOKEN = 'generated.vault.token';
const GIVEN = 'group.v.vault.password';

const rotate = (...names: string[]): Partial<ChangeRequest> => ({
  kind: 'rotate-secrets',
  secrets: { set: new Map(), rotate: names },
});

const set = (name: string, value: string): Partial<ChangeRequest> => ({
  kind: 'set-secret',
  secrets: { set: new Map([[name, new Secret(value)]]), rotate: [] },
});

/** What the last script of a node had in its file: `level 1 password … token …`. */
function lastContent(node: string, key = 'vault'): string {
  return /level \d+ password \S+ token \w+/.exec(scripts[`${node}/${key}`]?.at(-1) ?? '')?.[0] ?? 'none';
}

async function stored(name: string): Promise<string> {
  const sealed = await deps.store.secrets.get((await engine.cluster()).id, `attribute/${name}`);
  return (await deps.sealer.open(sealed!)).reveal();
}

async function opened(record: ClusterRecordContent | undefined, name: string): Promise<string> {
  return (await deps.sealer.open(record?.secrets[`attribute/${name}`] ?? '')).reveal();
}

const VAULTS = ['demo-v-0', 'demo-v-1', 'demo-v-2'];

describe('a secret that bde makes', () => {
  it('is made with the cluster, the same for all nodes, and kept in store and record alone', async () => {
    const token = await stored(TOKEN);

    expect(token).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(VAULTS.map((node) => lastContent(node))).toEqual(
      VAULTS.map(() => `level 1 password ${PASSWORD} token ${token}`),
    );
    expect(await opened(records.at(-1), TOKEN)).toBe(token);
    expect(await stored('generated.vault.spare')).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect((await plan({})).steps).toEqual([]);
  });

  it('is made by the change that brings its attribute, and a saved plan for that stays what it was', async () => {
    const request = {
      inputs: inputs({ password: PASSWORD }, 'more: { type: string, secret: true, generate: { length: 9 } }'),
    };
    const before = await plan(request);

    expect(await plan(request)).toEqual(before);
    await change(request);

    expect(await stored('generated.vault.more')).toHaveLength(9);
    expect(await stored(TOKEN)).toBe(await opened(records[0], TOKEN));
  });
});

describe('rotating', () => {
  it('plans a rolling step over what uses the secret, with digests that nobody can know yet', async () => {
    const { steps } = await plan(rotate(TOKEN));

    const roll = steps.find(({ kind }) => kind === 'roll');
    expect(steps.map(({ id }) => id)).toEqual(['roll/vault', 'record']);
    expect(roll).toMatchObject({ maxUnavailable: 1, keep: 2 });
    expect(flattenSteps(steps).filter(({ kind }) => kind === 'converge')).toMatchObject(
      VAULTS.map((node) => ({ node, role: 'vault', digest: null, why: `the secret ${TOKEN} changes` })),
    );
  });

  it('gives all of them one new value, which store and record have', async () => {
    const old = await stored(TOKEN);

    expect(await change(rotate(TOKEN))).toBe(true);

    const token = await stored(TOKEN);
    expect(token).not.toBe(old);
    expect(VAULTS.map((node) => lastContent(node))).toEqual(
      VAULTS.map(() => `level 1 password ${PASSWORD} token ${token}`),
    );
    expect(scripts['demo-p-0/plain']).toHaveLength(1);
    expect(await opened(records.at(-1), TOKEN)).toBe(token);
    expect((await plan({})).steps).toEqual([]);
  });

  it('tells who rotated what, and no value', async () => {
    await change(rotate(TOKEN));

    const [event] = engine.events('secret').slice(-1);
    expect(event).toMatchObject({
      text: `secret ${TOKEN} rotated, by tester@host (rotate-secrets)`,
      data: { name: TOKEN, origin: 'rotated', user: 'tester', host: 'host' },
    });
    const operations = JSON.stringify([await engine.operations(), await deps.store.events.list({})]);
    expect(operations).not.toContain(await stored(TOKEN));
  });

  it('seals the record anew where nothing uses the secret', async () => {
    const old = await stored('generated.vault.spare');

    expect((await plan(rotate('generated.vault.spare'))).steps.map(({ id }) => id)).toEqual(['record']);
    await change(rotate('generated.vault.spare'));

    expect(await stored('generated.vault.spare')).not.toBe(old);
    expect(await opened(records.at(-1), 'generated.vault.spare')).toBe(await stored('generated.vault.spare'));
  });

  it('refuses a name that the cluster does not have', async () => {
    await expect(plan(rotate('generated.vault.tokn'))).rejects.toMatchObject({
      code: 'UNKNOWN_SECRET',
      message: 'The cluster demo has no secret "generated.vault.tokn"; did you mean "generated.vault.token"?',
    });
  });

  it('makes no second value when it is resumed, and goes on with the members that are left', async () => {
    engine.script({ runs: { 'demo-v-1/vault': { exitCode: 1 } } });
    await expect(change(rotate(TOKEN))).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });
    const token = await stored(TOKEN);
    engine.script({});

    await resumeCluster('demo', deps, engine.stop);

    expect(await stored(TOKEN)).toBe(token);
    expect(VAULTS.map((node) => lastContent(node))).toEqual(
      VAULTS.map(() => `level 1 password ${PASSWORD} token ${token}`),
    );
    expect((await plan({})).steps).toEqual([]);
  });
});

describe('setting', () => {
  it('gives what uses the secret the new value, some at a time', async () => {
    expect(flattenSteps((await plan(set(GIVEN, 'second-password'))).steps)).toContainEqual(
      expect.objectContaining({
        id: 'converge/demo-v-0/vault',
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        why: `the secret ${GIVEN} changes`,
      }),
    );
    await change(set(GIVEN, 'second-password'));

    expect(lastContent('demo-v-2')).toContain('password second-password ');
    expect((await engine.steps())['roll/vault']).toBe('done');
    expect((await deps.store.secrets.setTimes((await engine.cluster()).id)).get(`attribute/${GIVEN}`)).toBe(
      (await engine.operations())[0]?.startedAt,
    );
  });

  it('plans nothing for the value that is there', async () => {
    expect((await plan(set(GIVEN, PASSWORD))).steps).toEqual([]);
    expect(await change(set(GIVEN, PASSWORD))).toBe(false);
  });

  it('is overruled by a spec that is applied with another value, which says so', async () => {
    await change(set(GIVEN, 'second-password'));

    await change({ inputs: inputs({ password: PASSWORD }) });

    expect(warnings).toEqual([
      `the spec gives the secret ${GIVEN} another value than the cluster has: the spec's counts`,
    ]);
    expect(lastContent('demo-v-0')).toContain(`password ${PASSWORD} `);
    expect(engine.events('secret').at(-1)?.text).toContain(`secret ${GIVEN} given by the spec, by `);
  });
});

describe('a rollback', () => {
  it('goes back to the pins before, with the secrets of now', async () => {
    await change({ inputs: inputs({ password: PASSWORD, level: 2 }) });
    await change(rotate(TOKEN));
    await change(set(GIVEN, 'second-password'));
    const token = await stored(TOKEN);

    await change({ kind: 'rollback', inputs: 'former' });

    expect(lastContent('demo-v-1')).toBe(`level 1 password second-password token ${token}`);
    expect((await plan({})).steps).toEqual([]);
  });
});

describe('values that secrets had before', () => {
  it('are taken out of what nodes print as those of now are', async () => {
    const old = await stored(TOKEN);
    await change(rotate(TOKEN));
    await change(set(GIVEN, 'second-password'));
    const lines = [JSON.stringify({ resource: 'file[/etc/vault]', outcome: 'failed', ms: 1, detail: `was ${old}` })];
    const stderr = `refused ${PASSWORD}, wanted second-password\n`;
    engine.script({ runs: { 'demo-v-0/vault': { exitCode: 1, lines, stderr } } });

    const failure = await change(rotate('vault.token')).catch((error: unknown) => error);

    const [operation] = await engine.operations();
    const journal = JSON.stringify(await deps.store.operations.journal(operation!.id));
    expect(failure).toMatchObject({ code: 'CONVERGE_FAILED' });
    expect(journal).toContain('was [secret]');
    for (const value of [old, PASSWORD, 'second-password', await stored(TOKEN)]) {
      expect(journal).not.toContain(value);
      expect(JSON.stringify(failure) + String(failure)).not.toContain(value);
    }
  });

  it('are kept for the last four changes of each', async () => {
    for (const count of [1, 2, 3, 4, 5, 6]) await change(set(GIVEN, `password-number-${String(count)}`));

    const names = await deps.store.secrets.list((await engine.cluster()).id);
    const former = names.filter((name) => name.startsWith('former/') && name.endsWith(GIVEN));
    const values = await Promise.all(
      former.map(async (name) => deps.sealer.open((await deps.store.secrets.get((await engine.cluster()).id, name))!)),
    );
    expect(values.map((value) => value.reveal())).toEqual(
      [2, 3, 4, 5].map((count) => `password-number-${String(count)}`),
    );
  });
});
