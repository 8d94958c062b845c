import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileMembership, compileProbe } from '../../src/cookbook/compile-probe.js';
import type { NodeView } from '../../src/cookbook/types.js';
import { inputFor, nodeWith, shippedCookbooks } from '../unit/rehearsal/shipped-cookbooks.js';
import { eventually, get, Loopback, type Child } from './rehearsal-support.js';

const exec = promisify(execFile);

/** An agent as the masters' API for operators tells of it. */
interface Agent {
  readonly agent_info: { readonly hostname: string; readonly id: { readonly value: string } };
  readonly active: boolean;
  readonly drain_info?: { readonly state: string };
}

interface Window {
  readonly machine_ids: readonly { readonly hostname: string; readonly ip: string }[];
  readonly unavailability: { readonly start: { readonly nanoseconds: number } };
}

const COOKBOOKS = shippedCookbooks(['mesos', 'zookeeper']);
// Their ports are those of the cookbooks, and so each has an address of its own.
const MASTERS = [1, 2].map((ordinal) => placed(ordinal, 'mesos_master'));
const AGENTS = [3, 4].map((ordinal) => placed(ordinal, 'mesos_slave'));
const [FIRST, SECOND] = AGENTS as [NodeView, NodeView];

function placed(ordinal: number, role: string): NodeView {
  return { ...nodeWith(ordinal, [role]), address: `127.42.7.${String(ordinal)}` };
}

describe('agents in and out of maintenance', () => {
  let loopback: Loopback;
  let url: string;
  const running = new Map<string, Child>();

  beforeAll(async () => {
    loopback = await Loopback.open();
    const { servers } = await loopback.ensemble(1);
    url = `zk://${servers}/mesos`;
    for (const node of MASTERS) startMaster(node);
    for (const node of AGENTS) startAgent(node);
  });

  afterAll(() => loopback.close());

  beforeEach(async () => {
    await eventually('both agents at work', 60, async () => (await agents()).filter(isAtWork).length === 2);
    expect(await windows()).toEqual([]);
  });

  function startMaster(node: NodeView): void {
    const flags = ['--quorum=2', '--zk_session_timeout=4secs', `--zk=${url}`];
    running.set(node.name, loopback.daemon('mesos/mesos-master', [...flags, ...placeOf(node, 5050)]));
  }

  function startAgent(node: NodeView): void {
    running.set(node.name, loopback.daemon('mesos/mesos-agent', [`--master=${url}`, ...placeOf(node, 5051)]));
  }

  function placeOf({ name, address }: NodeView, port: number): readonly string[] {
    const folder = `--work_dir=${loopback.folder}/${name}`;
    return [folder, `--ip=${address}`, `--hostname=${address}`, `--port=${String(port)}`];
  }

  async function leader(): Promise<string> {
    return eventually('a leading master', 60, async () => {
      for (const { address } of MASTERS) {
        const metrics = (await get(`${address}:5050/metrics/snapshot`)).body as Record<string, number> | null;
        if (metrics?.['master/elected'] === 1) return address;
      }
      return undefined;
    });
  }

  async function post(path: string, body: unknown): Promise<string> {
    const answer = await fetch(`http://${await leader()}:5050${path}`, { method: 'POST', body: JSON.stringify(body) });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return text;
  }

  async function agents(): Promise<readonly Agent[]> {
    const said = JSON.parse(await post('/api/v1', { type: 'GET_AGENTS' })) as {
      get_agents: { agents: readonly Agent[] };
    };
    return said.get_agents.agents;
  }

  async function agentOf({ address }: NodeView): Promise<Agent | undefined> {
    return (await agents()).find(({ agent_info }) => agent_info.hostname === address);
  }

  async function windows(): Promise<readonly Window[]> {
    const { body } = await get(`${await leader()}:5050/maintenance/schedule`);
    return (body as { windows?: readonly Window[] }).windows ?? [];
  }

  const machinesOf = (list: readonly Window[]): readonly string[] =>
    list.flatMap(({ machine_ids }) => machine_ids.map(({ hostname }) => hostname));

  function compiled(node: NodeView, which: 'drain' | 'undrain'): string {
    const input = inputFor(COOKBOOKS, { nodes: [...MASTERS, ...AGENTS], node, role: 'mesos_slave' });
    return compileProbe(input, COOKBOOKS, which)?.text ?? '';
  }

  async function run(node: NodeView, which: 'drain' | 'undrain'): Promise<void> {
    await exec('sh', ['-c', compiled(node, which)]);
  }

  async function leave(member: NodeView, peer: NodeView): Promise<void> {
    const input = inputFor(COOKBOOKS, { nodes: [...MASTERS, ...AGENTS], node: peer, role: 'mesos_slave' });
    await exec('sh', ['-c', compileMembership(input, COOKBOOKS, { which: 'leave', member })?.text ?? '']);
  }

  it('drains an agent and schedules its machine, once', async () => {
    await run(FIRST, 'drain');
    const before = await windows();
    await run(FIRST, 'drain');

    expect(await agentOf(FIRST)).toMatchObject({ active: false, drain_info: { state: 'DRAINED' } });
    expect(await agentOf(SECOND)).toMatchObject({ active: true });
    expect(machinesOf(before)).toEqual([FIRST.address]);
    expect(await windows()).toEqual(before);

    await run(FIRST, 'undrain');
    await run(FIRST, 'undrain');
  });

  it('drains two at the same moment, and neither loses the window of the other', async () => {
    await Promise.all([run(FIRST, 'drain'), run(SECOND, 'drain')]);

    expect([...machinesOf(await windows())].sort()).toEqual([FIRST.address, SECOND.address]);

    await Promise.all([run(FIRST, 'undrain'), run(SECOND, 'undrain')]);
  });

  it('leaves the windows of other operators as they are', async () => {
    const theirs = [
      {
        machine_ids: [
          { hostname: FIRST.address, ip: FIRST.address },
          { hostname: 'elsewhere', ip: '10.9.9.9' },
        ],
        unavailability: { start: { nanoseconds: 1443830400000000000 }, duration: { nanoseconds: 3600000000000 } },
      },
      { machine_ids: [{ hostname: 'third' }], unavailability: { start: { nanoseconds: 1443834000000000000 } } },
    ];
    await post('/maintenance/schedule', { windows: theirs });

    await run(FIRST, 'drain');
    await run(SECOND, 'drain');
    const drained = await windows();
    await run(FIRST, 'undrain');
    await run(SECOND, 'undrain');

    expect(drained.slice(0, 2)).toEqual(theirs);
    expect(machinesOf(drained.slice(2))).toEqual([SECOND.address]);
    expect(await windows()).toEqual(theirs);

    await post('/maintenance/schedule', {});
  });

  it('keeps an agent drained that another operator has drained', async () => {
    const id = (await agentOf(FIRST))?.agent_info.id;
    await post('/api/v1', { type: 'DRAIN_AGENT', drain_agent: { agent_id: id } });

    await run(FIRST, 'drain');
    await run(FIRST, 'undrain');

    expect(await agentOf(FIRST)).toMatchObject({ active: false, drain_info: { state: 'DRAINED' } });
    expect(await windows()).toEqual([]);

    await post('/api/v1', { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: id } });
  });

  it('asks the next master, which knows the schedule and the drain of the first', async () => {
    await run(FIRST, 'drain');
    const first = await leader();
    const led = MASTERS.find(({ address }) => address === first);
    if (led === undefined) throw new Error('nobody leads');
    await running.get(led.name)?.kill('SIGKILL');
    startMaster(led);
    await eventually('the next leader', 60, async () => (await leader()) !== first);
    await eventually('its agents', 60, async () => (await agents()).length === 2);

    expect(machinesOf(await windows())).toEqual([FIRST.address]);
    expect(await agentOf(FIRST)).toMatchObject({ active: false });
    await run(FIRST, 'undrain');
    expect(await windows()).toEqual([]);
  });

  it('lets an agent that leaves never come back, and its machine out of the schedule', async () => {
    const before = await agentOf(FIRST);
    await run(FIRST, 'drain');

    await leave(FIRST, SECOND);
    await leave(FIRST, SECOND);

    expect(await agentOf(FIRST)).toBeUndefined();
    expect(await windows()).toEqual([]);
    expect(await running.get(FIRST.name)?.exitCode()).toBe(1);
    expect(running.get(FIRST.name)?.lastLine).toMatch(/told it to end/);

    startAgent(FIRST);
    const after = await eventually('a new agent at the same place', 30, () => agentOf(FIRST));
    expect(after.agent_info.id.value).not.toBe(before?.agent_info.id.value);
  });

  it('refuses an agent of a machine that is down', async () => {
    await run(FIRST, 'drain');
    await post('/machine/down', [{ hostname: FIRST.address, ip: FIRST.address }]);
    expect(await running.get(FIRST.name)?.exitCode()).toBe(1);

    startAgent(FIRST);
    expect(await running.get(FIRST.name)?.exitCode()).toBe(1);
    expect(running.get(FIRST.name)?.lastLine).toMatch(/Machine is DOWN/);

    await run(FIRST, 'undrain');
    startAgent(FIRST);
    expect(await windows()).toEqual([]);
  });
});

function isAtWork({ active, drain_info }: Agent): boolean {
  return active && drain_info === undefined;
}
