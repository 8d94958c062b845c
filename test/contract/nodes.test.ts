import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Nodes, NodeTarget } from '../../src/engine/ports/nodes.js';
import type { MachineId, RunId } from '../../src/errors/ids.js';
import { describe, expect, it } from 'vitest';
import { createMemoryNodes, readNodeCounts, readRunLog, type OutcomesFile } from '../fakes/memory-nodes.js';
import { heldStorage } from '../fakes/world-storage.js';
import { codeOf, describeNodes, requestRun, type NodesUnderTest } from './nodes.contract.js';

describeNodes('in memory', makeMemoryNodes);

describeNodes('in memory of this process', () => {
  const storage = heldStorage();
  const nodes = createMemoryNodes({ storage });
  const hostKey = nodes.generateKeyPair('host').publicOpenSsh;
  const machine = { mark: {}, state: 'on', addresses: ['10.0.0.1'], hostKeyPublic: hostKey };
  storage.write('machines.json', { machines: { M1: machine } });
  const target = targetWith(nodes, hostKey);
  return Promise.resolve({
    nodes,
    target,
    absentTarget: { ...target, machineId: 'M2' as MachineId },
    folder: '/srv/test',
    readFile: (path: string) => Promise.resolve(storage.readFile(join('nodes', 'M1', 'files', path))),
    dispose: () => Promise.resolve(),
  });
});

function targetWith(nodes: Nodes, hostKey: string): NodeTarget {
  return {
    name: 'demo-zk-1',
    machineId: 'M1' as MachineId,
    address: '10.0.0.1',
    port: 22,
    user: 'root',
    hostKey,
    privateKey: nodes.generateKeyPair('login').privateOpenSsh,
  };
}

async function makeMemoryNodes(): Promise<NodesUnderTest & { readonly dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'bde-memory-nodes-'));
  const nodes = createMemoryNodes({ dir });
  const hostKey = nodes.generateKeyPair('host').publicOpenSsh;
  const machine = { mark: {}, state: 'on', addresses: ['10.0.0.1'], hostKeyPublic: hostKey };
  await writeFile(join(dir, 'machines.json'), JSON.stringify({ machines: { M1: machine } }));
  const target = targetWith(nodes, hostKey);
  return {
    dir,
    nodes,
    target,
    absentTarget: { ...target, machineId: 'M2' as MachineId },
    folder: '/srv/test',
    async readFile(path) {
      const file = join(dir, 'nodes', 'M1', 'files', path);
      return { content: await readFile(file), mode: (await stat(file)).mode & 0o7777 };
    },
    dispose: () => rm(dir, { recursive: true }),
  };
}

describe('nodes in memory, scripted', () => {
  const { signal } = new AbortController();
  const options = { timeoutMs: 1000, signal };

  async function script(dir: string, outcomes: OutcomesFile): Promise<void> {
    await writeFile(join(dir, 'outcomes.json'), JSON.stringify(outcomes));
  }

  it('fails the runs and commands that a test says, as often as it says', async () => {
    const under = await makeMemoryNodes();
    const { nodes, target, dir } = under;
    await script(dir, {
      runs: { 'demo-zk-1/zookeeper': { exitCode: 1, stderr: 'no', times: 1 } },
      commands: { 'zkCli.sh': { exitCode: 3, stdout: 'out' } },
    });
    const link = await nodes.connect(target, options);

    const first = await link.run(requestRun(), () => undefined, signal);
    const second = await link.run(requestRun({ runId: '01RUNB' as RunId }), () => undefined, signal);
    const command = await link.command(['sh', '-c', 'zkCli.sh ls /']);

    expect(first).toEqual({ state: 'exited', exitCode: 1, stderr: 'no' });
    expect(second).toEqual({ state: 'exited', exitCode: 0, stderr: '' });
    expect(command).toMatchObject({ exitCode: 3, stdout: 'out' });
    await under.dispose();
  });

  it('counts what happened over all controllers', async () => {
    const under = await makeMemoryNodes();
    const { nodes, target, dir } = under;
    const link = await nodes.connect(target, options);
    await link.run(requestRun(), () => undefined, signal);

    const again = await createMemoryNodes({ dir }).connect(target, options);
    await again.run(requestRun(), () => undefined, signal);
    await again.hello();

    expect(readNodeCounts(dir, 'M1')).toMatchObject({ connects: 2, hellos: 1, runs: 1, commands: 0 });
    expect(readRunLog(dir, 'M1')).toEqual(['apply zookeeper d1']);
    await under.dispose();
  });

  it('refuses connects as a test says, and loses links of machines that went off', async () => {
    const under = await makeMemoryNodes();
    const { nodes, target, dir } = under;
    await script(dir, { connects: { 'demo-zk-1': { code: 'CONNECT_FAILED', times: 1 } } });

    const first = await codeOf(nodes.connect(target, options));
    const link = await nodes.connect(target, options);
    await writeFile(join(dir, 'machines.json'), JSON.stringify({ machines: {} }));

    expect([first, await codeOf(link.hello())]).toEqual(['CONNECT_FAILED', 'CONNECT_LOST']);
    await under.dispose();
  });
});
