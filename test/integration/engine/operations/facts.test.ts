import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { convergeCluster, planConverge } from '../../../../src/engine/operations/converge-cluster.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import type { CreateRequest } from '../../../../src/engine/operations/create-request.js';
import { cookbook, sampleRequest } from '../../../unit/engine/sample-cluster.js';
import { testEngine, type TestEngine } from '../test-engine.js';

const TOKEN = 'join-me-with-4711';

/** A manager exports where it listens and a secret token; workers write both into a file. */
const SWARM = cookbook('swarm', {
  'roles/manager.yaml': [
    'summary: Manager',
    'runList: ["swarm::manager"]',
    'facts:',
    '  port: { schema: { type: integer, minimum: 1, maximum: 65535 }, command: print-port }',
    '  token: { schema: { type: string, minLength: 5 }, secret: true, command: print-token }',
    '',
  ].join('\n'),
  'roles/worker.yaml': 'summary: Worker\nrequires: [manager]\nrunList: ["swarm::worker"]\n',
  'recipes/manager.yaml': 'resources:\n  - file: /etc/manager\n    content: hello\n',
  'recipes/worker.yaml':
    'resources:\n  - file: /etc/worker\n    mode: "0600"\n    content: "{{lookup (lookup facts.manager "demo-m-0") "port"}} {{lookup (lookup facts.manager "demo-m-0") "token"}}"\n'
      .replaceAll('"demo-m-0"', "'demo-m-0'")
      .replaceAll('"port"', "'port'")
      .replaceAll('"token"', "'token'"),
});

function swarmRequest(): CreateRequest {
  return sampleRequest({ groups: { m: ['manager'], w: ['worker'] }, cookbooks: [SWARM] });
}

function facts(port: unknown, token: unknown = TOKEN): readonly string[] {
  return [
    JSON.stringify({ resource: 'file[/etc/manager]', outcome: 'changed', ms: 1 }),
    JSON.stringify({ fact: 'port', value: port }),
    JSON.stringify({ fact: 'token', value: token }),
  ];
}

let engine: TestEngine;

beforeEach(() => {
  engine = testEngine();
  engine.script({ runs: { manager: { lines: facts(2377) } } });
});

afterEach(() => {
  engine.remove();
});

async function storedFacts() {
  return engine.deps.store.facts.list((await engine.cluster()).id);
}

describe('facts that a run exports', () => {
  it('are kept by owner and generation, secret ones sealed', async () => {
    await createCluster(swarmRequest(), engine.deps, engine.stop);

    expect(await storedFacts()).toEqual([
      expect.objectContaining({ node: 'demo-m-0', role: 'manager', name: 'port', generation: 1, value: 2377 }),
      expect.objectContaining({ name: 'token', secret: true, value: expect.stringMatching(/^sealed:/) as string }),
    ]);
  });

  it('let their readers be compiled when their turn comes', async () => {
    await createCluster(swarmRequest(), engine.deps, engine.stop);

    expect(await engine.steps()).toMatchObject({ 'converge/demo-w-0/worker': 'done' });
    expect((await engine.cluster()).state).toBe('RUNNING');
  });

  it('leave no secret in journal, events or facts', async () => {
    await createCluster(swarmRequest(), engine.deps, engine.stop);

    const { store } = engine.deps;
    const [operation] = (await engine.operations()).filter(({ kind }) => kind === 'create');
    const written = JSON.stringify([
      await store.operations.journal(operation?.id ?? ('' as never)),
      await store.events.list({}),
      await storedFacts(),
      await engine.operations(),
    ]);
    expect(written).not.toContain(TOKEN);
    expect(written).toContain('2377');
  });

  it('plan their readers anew where their owner is about to converge', async () => {
    await createCluster(swarmRequest(), engine.deps, engine.stop);

    const plan = await planConverge({ role: 'manager' }, await engine.cluster(), engine.deps);

    expect(plan.steps.map((step) => step.id)).toEqual([
      'converge/demo-m-0/manager',
      'converge/demo-w-0/worker',
      'record',
    ]);
    expect(plan.steps[1]).toMatchObject({ digest: null, after: ['converge/demo-m-0/manager'] });
  });

  it('leave their readers alone where they turn out as before', async () => {
    await createCluster(swarmRequest(), engine.deps, engine.stop);

    await convergeCluster({ role: 'manager' }, await engine.cluster(), { deps: engine.deps, stop: engine.stop });

    expect(engine.runs().filter((run) => run.endsWith('worker'))).toEqual(['demo-w-0 apply worker']);
    expect(await engine.steps()).toMatchObject({ 'converge/demo-w-0/worker': 'unchanged' });
  });

  it('run their readers again where they changed', async () => {
    await createCluster(swarmRequest(), engine.deps, engine.stop);
    engine.script({ runs: { manager: { lines: facts(4000) } } });

    await convergeCluster({ role: 'manager' }, await engine.cluster(), { deps: engine.deps, stop: engine.stop });

    expect(engine.runs().filter((run) => run.endsWith('worker'))).toHaveLength(2);
  });
});

describe('facts that do not fit', () => {
  it.each([
    ['a value out of bounds', facts(70_000), 'the fact port does not fit its schema'],
    ['a missing one', facts(2377).slice(0, 2), 'the fact token is missing'],
    ['one nobody declared', [...facts(2377), '{"fact":"evil","value":1}'], 'the fact "evil" is not declared'],
    ['the placeholder of a secret', facts(2377, '@@bde-secret:cluster.x@@'), 'the fact token does not fit its schema'],
  ])('end the run as failed: %s', async (_, lines, why) => {
    engine.script({ runs: { manager: { lines } } });

    const creating = createCluster(swarmRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });
    await expect(creating).rejects.toThrow(`What manager on demo-m-0 exports is refused: ${why}`);
    expect(await storedFacts()).toEqual([]);
  });

  it('do not tell a secret value in the refusal', async () => {
    engine.script({ runs: { manager: { lines: facts(2377, 'abcd') } } });

    const creating = createCluster(swarmRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toThrow('the fact token does not fit its schema.');
    await expect(creating).rejects.not.toThrow('abcd');
  });
});

describe('the facts of a machine that was replaced', () => {
  it('are void, and its successor exports them anew', async () => {
    await createCluster(swarmRequest(), engine.deps, engine.stop);
    const [machine] = (await engine.deps.provider.provider.list()).filter(({ mark }) => mark.nodeName === 'demo-m-0');
    await engine.deps.provider.provider.destroy(machine?.mark.machineId ?? ('' as never), () => Promise.resolve());
    engine.script({ runs: { manager: { lines: facts(5000) } } });

    await convergeCluster({ node: 'demo-m-0' }, await engine.cluster(), { deps: engine.deps, stop: engine.stop });

    expect(await storedFacts()).toEqual([
      expect.objectContaining({ name: 'port', generation: 2, value: 5000 }),
      expect.objectContaining({ name: 'token', generation: 2 }),
    ]);
    expect(engine.runs().filter((run) => run.endsWith('worker'))).toHaveLength(2);
  });
});
