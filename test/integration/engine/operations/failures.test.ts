import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { resumeCluster } from '../../../../src/engine/operations/resume-cluster.js';
import { readNodeCounts } from '../../../fakes/memory-nodes.js';
import { failNext, readMemoryWorld } from '../../../fakes/memory-provider.js';
import { sampleRequest, serviceRequest, SERVICE_REPOS } from '../../../unit/engine/sample-cluster.js';
import { testEngine, type TestEngine } from '../test-engine.js';

let engine: TestEngine;

beforeEach(() => {
  engine = testEngine();
  writeFileSync(join(engine.dir, 'repos.json'), JSON.stringify(SERVICE_REPOS));
});

afterEach(() => {
  engine.remove();
});

/** The name of the node that a machine of the world fills, by machine id. */
function machineIdOf(node: string): string {
  const { machines } = readMemoryWorld(engine.dir);
  return Object.keys(machines).find((id) => machines[id]?.mark.nodeName === node) ?? '';
}

async function resume(): Promise<void> {
  await resumeCluster('demo', engine.deps, engine.stop);
}

describe('a clone that fails', () => {
  it('leaves the other nodes to go on and says what is blocked by it', async () => {
    await failNext(engine.dir, { method: 'create', node: 'demo-s-1' });

    const creating = createCluster(serviceRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toMatchObject({ code: 'PROVIDER_FAILED', exitCode: 5 });
    expect((await engine.cluster()).state).toBe('FAILED');
    expect(await engine.steps()).toMatchObject({
      'machine/demo-s-1#1': 'failed',
      'converge/demo-s-0/server': 'done',
      'converge/demo-s-1/basic': 'blocked',
      'ready/server': 'blocked',
      'converge/demo-c-0/basic': 'done',
      'converge/demo-c-0/client': 'blocked',
      record: 'blocked',
    });
  });

  it('is made good by a resume that repeats nothing else', async () => {
    await failNext(engine.dir, { method: 'create', node: 'demo-s-1', leaves: 'partial' });
    await createCluster(serviceRequest(), engine.deps, engine.stop).catch(() => undefined);

    await resume();

    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(Object.keys(readMemoryWorld(engine.dir).machines)).toHaveLength(4);
    expect(engine.runs().filter((run) => run.startsWith('demo-s-0'))).toEqual([
      'demo-s-0 apply basic',
      'demo-s-0 apply packages',
      'demo-s-0 apply server',
    ]);
  });
});

describe('a machine that never answers', () => {
  it('is replaced by a fresh clone and destroyed', async () => {
    engine.script({ connects: { 'demo-a-0': { code: 'CONNECT_FAILED', times: 1 } } });
    // The count is kept per machine: the second one of the node would be refused once, too.
    const { deps } = engine;
    let connects = 0;
    const once = {
      ...deps,
      nodes: {
        ...deps.nodes,
        connect: ((target, options) => {
          connects += 1;
          if (connects > 1) engine.script({});
          return deps.nodes.connect(target, options);
        }) satisfies typeof deps.nodes.connect,
      },
    };

    await createCluster(sampleRequest(), once, engine.stop);

    const machines = Object.values(readMemoryWorld(engine.dir).machines);
    expect(machines.map(({ mark }) => mark.generation)).toEqual([2]);
    expect(engine.events('machine-replaced')).toHaveLength(1);
  });

  it('is given up after as many fresh clones as are allowed', async () => {
    engine.script({ connects: { 'demo-a-0': { code: 'CONNECT_FAILED' } } });

    const creating = createCluster(sampleRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toMatchObject({ code: 'MACHINE_NEVER_UP', exitCode: 5 });
    await expect(creating).rejects.toThrow(
      /^The node demo-a-0 did not answer on 10\.64\.0\.10:22 within 1 s, on 3 machines in turn: /,
    );
    expect(Object.values(readMemoryWorld(engine.dir).machines).map(({ mark }) => mark.generation)).toEqual([3]);
  });

  it('is kept where it had answered before', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    const before = machineIdOf('demo-s-0');
    await powerOff('demo-s-0');
    engine.script({ connects: { 'demo-s-0': { code: 'CONNECT_FAILED' } } });
    await reopen();

    await expect(resume()).rejects.toMatchObject({ code: 'MACHINE_NEVER_UP' });

    expect(machineIdOf('demo-s-0')).toBe(before);
  });
});

/** As if the create had been interrupted just before its end. */
async function reopen(): Promise<void> {
  const [operation] = (await engine.operations()).filter(({ kind }) => kind === 'create');
  if (operation !== undefined) await engine.deps.store.operations.update(operation.id, { state: 'interrupted' });
}

async function powerOff(node: string): Promise<void> {
  await engine.deps.provider.provider.power(machineIdOf(node) as never, 'kill', () => Promise.resolve());
}

describe('a host key that does not match', () => {
  it('is final: no fresh clone, no byte of a recipe', async () => {
    await failNext(engine.dir, { method: 'create', node: 'demo-a-0', leaves: 'partial' });
    await createCluster(sampleRequest(), engine.deps, engine.stop).catch(() => undefined);
    const { provider } = engine.deps.provider;
    const swapped = {
      ...engine.deps,
      provider: {
        ...engine.deps.provider,
        provider: {
          ...provider,
          create: (async (request, guard) => {
            const listing = await provider.create(request, guard);
            swapHostKey();
            return listing;
          }) satisfies typeof provider.create,
        },
      },
    };

    const resuming = resumeCluster('demo', swapped, engine.stop);

    await expect(resuming).rejects.toMatchObject({ code: 'HOST_KEY_MISMATCH', exitCode: 6 });
    const machines = Object.values(readMemoryWorld(engine.dir).machines);
    expect(machines.map(({ mark }) => mark.generation)).toEqual([1]);
    expect(readNodeCounts(engine.dir, machineIdOf('demo-a-0')).bytes).toBe(0);
  });
});

function swapHostKey(): void {
  const file = join(engine.dir, 'machines.json');
  const text = readFileSync(file, 'utf8').replaceAll(
    /"hostKeyPublic": "[^"]+"/g,
    '"hostKeyPublic": "ssh-ed25519 OTHER"',
  );
  writeFileSync(file, text);
}

describe('a run that fails', () => {
  it('names the resource and the node, and a resume repeats it alone', async () => {
    const failed = JSON.stringify({ resource: 'file[/etc/server]', outcome: 'failed', ms: 1, detail: 'no space left' });
    engine.script({ runs: { 'demo-s-2/server': { exitCode: 1, lines: [failed], times: 1 } } });

    const creating = createCluster(serviceRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toMatchObject({
      code: 'CONVERGE_FAILED',
      exitCode: 7,
      message: 'file[/etc/server] of server on demo-s-2 failed: no space left',
      subject: { cluster: 'demo', node: 'demo-s-2', role: 'server', resource: 'file[/etc/server]' },
    });

    await resume();

    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(engine.runs().filter((run) => run.endsWith('server'))).toEqual([
      'demo-s-0 apply server',
      'demo-s-1 apply server',
      'demo-s-2 apply server',
      'demo-s-2 apply server',
    ]);
  });

  it('tells all nodes that failed, the first one as the cause', async () => {
    engine.script({ runs: { server: { exitCode: 3, stderr: 'boom\n' } } });

    const creating = createCluster(serviceRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toThrow(
      /^3 steps failed and \d+ were blocked by them; the first: The run of server on demo-s-\d ended with 3: boom$/,
    );
    await expect(creating).rejects.toMatchObject({ code: 'CONVERGE_FAILED', failures: { length: 3 } });
  });

  it('is told as out of time where it was', async () => {
    engine.script({ runs: { basic: { state: 'timed-out' } } });

    const creating = createCluster(sampleRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toThrow('The run of basic on demo-a-0 took longer than it may');
  });
});

describe('a role that does not become ready', () => {
  it('ends with what its nodes last answered', async () => {
    engine.script({ commands: { 'probe-server': { exitCode: 1, stdout: 'no leader yet\n' } } });

    const creating = createCluster(serviceRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toMatchObject({ code: 'READY_TIMEOUT', exitCode: 7 });
    await expect(creating).rejects.toThrow(
      'The role server is not ready after 60 s: 0 of 2 nodes that are needed answer (demo-s-0: no leader yet; ' +
        'demo-s-1: no leader yet; demo-s-2: no leader yet).',
    );
    expect(engine.events('waiting').map(({ text }) => text)).toEqual(['server waits for quorum: 0 of 2']);
  });

  it('is ready with a quorum though one node cannot be reached', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    await reopen();
    await forget('ready/server');
    engine.script({ connects: { 'demo-s-1': { code: 'CONNECT_FAILED' } } });

    await resume();

    expect((await engine.cluster()).state).toBe('RUNNING');
  });
});

/** Makes the journal say that a step is still to do. */
async function forget(stepId: string): Promise<void> {
  const [operation] = (await engine.operations()).filter(({ kind }) => kind === 'create');
  const { epoch } = await engine.cluster();
  if (operation === undefined) return;
  await engine.deps.store.operations.append([
    { operationId: operation.id, epoch, at: 0, type: 'step', stepId: stepId as never, state: 'running', detail: {} },
  ]);
}

describe('an acceptance test that fails', () => {
  it('leaves the cluster FAILED with what it said', async () => {
    engine.script({ commands: { 'accept-server': { exitCode: 1, stderr: 'cannot read back\n' } } });

    const creating = createCluster(serviceRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toMatchObject({
      code: 'ACCEPTANCE_FAILED',
      exitCode: 7,
      message: expect.stringMatching(
        /^The acceptance test of server \(.*server\.yaml:\d+:\d+\) fails on demo-s-0: cannot read back$/,
      ) as string,
    });
    expect((await engine.cluster()).state).toBe('FAILED');
  });

  it('is told by its command where it printed nothing', async () => {
    engine.script({ commands: { 'accept-server': { exitCode: 1 } } });

    const creating = createCluster(serviceRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toMatchObject({
      message: expect.stringMatching(/demo-s-0: exit code 1, and it printed nothing; it ran: accept-server/) as string,
      data: { command: expect.stringContaining('accept-server') as string },
    });
  });
});

describe('a mirror that goes down while packages are installed', () => {
  it('is started again, and so is the installation, once', async () => {
    const { deps } = engine;
    engine.script({ runs: { packages: { exitCode: 1, stderr: 'cannot download\n', times: 1 } } });
    const failing = {
      ...deps,
      nodes: {
        ...deps.nodes,
        connect: (async (target, options) => {
          const link = await deps.nodes.connect(target, options);
          return {
            ...link,
            run: (async (request, onLine, signal) => {
              const end = await link.run(request, onLine, signal);
              if (end.state === 'exited' && end.exitCode !== 0) await deps.mirror.stop();
              return end;
            }) satisfies typeof link.run,
          };
        }) satisfies typeof deps.nodes.connect,
      },
    };

    await createCluster(serviceRequest(), failing, engine.stop);

    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(engine.runs().filter((run) => run.startsWith('demo-s-0'))).toEqual([
      'demo-s-0 apply basic',
      'demo-s-0 apply packages',
      'demo-s-0 apply packages',
      'demo-s-0 apply server',
    ]);
  });
});

describe('preparing that fails', () => {
  it('ends prepare and create as failed, with the cause in both', async () => {
    writeFileSync(join(engine.dir, 'repos.json'), '{}');

    const creating = createCluster(serviceRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toMatchObject({ code: 'REPO_FAILED', exitCode: 8 });
    expect((await engine.operations()).map(({ kind, state, outcome }) => [kind, state, outcome])).toEqual([
      ['prepare', 'failed', 'There is no repo main.'],
      ['create', 'failed', 'There is no repo main.'],
    ]);
    expect((await engine.cluster()).state).toBe('FAILED');
  });
});
