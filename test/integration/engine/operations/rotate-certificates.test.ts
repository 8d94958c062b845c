import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trustBundle, type ClusterCertificates } from '../../../../src/engine/certificates/cluster-certificates.js';
import { openCertificates } from '../../../../src/engine/certificates/open-certificates.js';
import { changeCluster } from '../../../../src/engine/operations/change-cluster.js';
import { prepareChange } from '../../../../src/engine/operations/prepare-change.js';
import type { ChangeInputs, ChangeRequest } from '../../../../src/engine/operations/change-request.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { resumeCluster } from '../../../../src/engine/operations/resume-cluster.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import type { NodeName } from '../../../../src/errors/ids.js';
import { KEY_SENTINEL } from '../../../fakes/plain-certifier.js';
import { aChange, FLEET, fleetInputs, type SampleGroup } from '../../../unit/engine/sample-change.js';
import { cookbook } from '../../../unit/engine/sample-cluster.js';
import { testEngine, type TestEngine } from '../test-engine.js';

const BASE = cookbook('base', {
  'roles/basic.yaml': 'summary: Base\nrunList: ["base::node"]\n',
  'recipes/node.yaml': 'resources:\n  - node_certificate: /etc/bde/tls\n',
});

/** A role that uses the certificate; the base role lays it. */
const WEB = cookbook('web', {
  'roles/web.yaml':
    'summary: Web\nrunList: ["web::server"]\nready: { withinSeconds: 60, probe: { command: probe-web } }\n',
  'recipes/server.yaml':
    'resources:\n  - node_certificate: /etc/bde/tls\n    notify: reload service[web]\n  - service: web\n',
});

const GROUPS = { w: { roles: ['web'], count: 3 } };

let engine: TestEngine;

beforeEach(() => {
  engine = testEngine();
});

afterEach(() => {
  engine.remove();
});

function inputs(groups: Readonly<Record<string, SampleGroup>>): ChangeInputs {
  return { ...fleetInputs(groups), cookbooks: [BASE, WEB] };
}

async function create(given: ChangeInputs): Promise<void> {
  const { source, distro, cookbooks, secrets } = given;
  const { roles } = parseCookbooks(cookbooks);
  const resolved = resolveSource(source, { name: 'demo', roles, ordinals: new Map() });
  const request = { resolved, distro, cookbooks, secrets, source, rehearsal: false, asked: {} };
  await createCluster(request, engine.deps, engine.stop);
}

async function change(part: Partial<ChangeRequest>): Promise<boolean> {
  const given = { deps: engine.deps, stop: engine.stop, onWarning: () => undefined };
  return changeCluster(aChange(part), await engine.cluster(), given);
}

async function planIds(part: Partial<ChangeRequest>): Promise<readonly string[]> {
  const { plan } = await prepareChange(aChange(part), await engine.cluster(), engine.deps);
  return plan.steps.map(({ id }) => id);
}

const rotate = (what: ChangeRequest['rotate']): Promise<boolean> => change({ kind: 'rotate-certs', rotate: what });

async function certificates(): Promise<ClusterCertificates> {
  const found = await openCertificates(engine.deps, (await engine.cluster()).id);
  if (found === null) throw new Error('the cluster has no certificates');
  return found;
}

async function serials(): Promise<readonly string[]> {
  return Object.values((await certificates()).nodes).map(({ serial }) => serial);
}

describe('certificates of a cluster', () => {
  it('are made by its create, and asked for by nothing after that', async () => {
    await create(inputs(GROUPS));

    expect(Object.keys((await certificates()).nodes)).toEqual(['demo-w-0', 'demo-w-1', 'demo-w-2']);
    expect(await planIds({ depth: 'nodes' })).toEqual([]);
  });

  it('come with each new node, and touch no other one', async () => {
    await create(inputs(GROUPS));
    const before = await certificates();

    await change({ kind: 'resize', inputs: inputs({ w: { roles: ['web'], count: 4 } }) });

    const { nodes } = await certificates();
    expect(Object.keys(nodes)).toHaveLength(4);
    expect(nodes).toMatchObject(before.nodes);
    expect(Object.keys(await engine.steps()).filter((id) => id.includes('demo-w-0'))).toEqual([]);
  });

  it('are made anew for a node that is made anew', async () => {
    await create(inputs(GROUPS));
    const before = await certificates();

    await change({ kind: 'fix', replace: { ['demo-w-1' as NodeName]: 'lost' } });

    const { nodes } = await certificates();
    const changed = Object.entries(nodes).filter(
      ([name, { serial }]) => serial !== before.nodes[name as NodeName]?.serial,
    );
    expect(changed.map(([name]) => name)).toEqual(['demo-w-1']);
  });

  it('come to a cluster of an older bde with its next apply, and not before', async () => {
    await create({ ...inputs(GROUPS), cookbooks: [FLEET[0]!, WITHOUT] });
    await expect(rotate('nodes')).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED' });

    const planned = await planIds({ inputs: inputs(GROUPS) });
    await change({ inputs: inputs(GROUPS) });

    expect(planned[0]).toBe('certificates/issue');
    expect(await serials()).toHaveLength(3);
    expect(await planIds({ inputs: inputs(GROUPS) })).toEqual([]);
  });
});

const WITHOUT = cookbook('web', {
  'roles/web.yaml': 'summary: Web\nrunList: ["web::server"]\nready: { probe: { command: probe-web } }\n',
  'recipes/server.yaml': 'resources:\n  - service: web\n',
});

describe('rotate-certs', () => {
  beforeEach(() => create(inputs(GROUPS)));

  it('gives every node another certificate of the same authority, rolling', async () => {
    const { authorities } = await certificates();
    const before = await serials();

    await rotate('nodes');

    expect((await certificates()).authorities).toEqual(authorities);
    for (const serial of await serials()) expect(before).not.toContain(serial);
    expect(await engine.steps()).toMatchObject({
      'certificates/issue': 'done',
      'roll/web': 'done',
      'converge/demo-w-2/web': 'done',
      record: 'done',
    });
    expect(await planIds({ depth: 'nodes' })).toEqual([]);
  });

  it('leaves one authority behind, another one, and nodes that fit it', async () => {
    const [old] = (await certificates()).authorities;

    await rotate('authority');

    const { authorities, nodes } = await certificates();
    expect(authorities).toHaveLength(1);
    expect(authorities[0]?.serial).not.toBe(old?.serial);
    for (const { authority } of Object.values(nodes)) expect(authority).toBe(authorities[0]?.serial);
    expect(await planIds({ depth: 'nodes' })).toEqual([]);
  });

  it('ends after the first phase where only trust is asked for, and goes on from there', async () => {
    await rotate('trust');
    const both = await certificates();

    await rotate('authority');

    expect(both.authorities.map(({ standing }) => standing)).toEqual(['signing', 'next']);
    expect(trustBundle(await certificates())).toBe(both.authorities[1]?.certificate);
  });

  it('begins no phase before the one before it has ended on every node, and resumes where it was', async () => {
    engine.script({ runs: { 'demo-w-1/web': { exitCode: 1, times: 1 } } });
    await expect(rotate('authority')).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });
    const stopped = await certificates();

    await resumeCluster('demo', engine.deps, engine.stop);

    expect(stopped.authorities.map(({ standing }) => standing)).toEqual(['signing', 'next']);
    expect(trustBundle(await certificates())).toBe(stopped.authorities[1]?.certificate);
    expect(await planIds({ depth: 'nodes' })).toEqual([]);
  });

  it('makes no certificate twice where it is resumed', async () => {
    engine.script({ runs: { 'demo-w-1/web': { exitCode: 1, times: 1 } } });
    await expect(rotate('nodes')).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });
    const issued = await serials();

    await resumeCluster('demo', engine.deps, engine.stop);

    expect(await serials()).toEqual(issued);
  });

  it('leaves no key in journal, plan, events or audit', async () => {
    await rotate('authority');

    const { operations, events, blobs } = engine.deps.store;
    const all = await operations.list();
    const journals = await Promise.all(all.map(({ id }) => operations.journal(id)));
    const plans = await Promise.all(all.flatMap(({ plan }) => (plan === null ? [] : [blobs.get(plan)])));
    const texts = [all, journals, await events.list({}), plans.map(String)].map((each) => JSON.stringify(each));
    for (const text of texts) expect(text).not.toContain(KEY_SENTINEL);
    expect(texts[1]).toContain((await serials())[0]);
  });
});
