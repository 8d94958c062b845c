import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, freePorts, get, Loopback, type Child } from './rehearsal-support.js';

interface State {
  readonly slaves: readonly { readonly id: string; readonly active: boolean }[];
  readonly frameworks: readonly { readonly name: string; readonly hostname: string; readonly active: boolean }[];
}

describe('rehearsed daemons that come and go', () => {
  let loopback: Loopback;
  let servers: string;
  let zookeeper: Child | undefined;
  let master: Child;
  let masterPort: number;
  let agentPorts: readonly number[];

  beforeAll(async () => {
    loopback = await Loopback.open();
    const ensemble = await loopback.ensemble(1);
    servers = ensemble.servers;
    zookeeper = ensemble.members[0];
    [masterPort = 0, ...agentPorts] = await freePorts(3);
    master = startMaster();
  });

  afterAll(async () => {
    await loopback.close();
  });

  function startMaster(): Child {
    const place = [`--zk=zk://${servers}/mesos`, '--quorum=1', `--work_dir=${loopback.folder}/master`];
    const listen = ['--ip=127.0.0.1', '--hostname=127.0.0.1', `--port=${String(masterPort)}`];
    return loopback.daemon('mesos/mesos-master', [...place, ...listen, '--zk_session_timeout=2secs']);
  }

  function startAgent(at: number): Child {
    const place = [`--master=zk://${servers}/mesos`, `--work_dir=${loopback.folder}/agent-${String(at)}`];
    const listen = ['--ip=127.0.0.1', `--port=${String(agentPorts[at])}`, '--zk_session_timeout=2secs'];
    return loopback.daemon('mesos/mesos-agent', [...place, ...listen]);
  }

  function startMarathon(port: number): Child {
    const listen = ['--http_address', '127.0.0.1', '--hostname', '127.0.0.1', '--http_port', String(port)];
    const place = ['--master', `zk://${servers}/mesos`, '--zk', `zk://${servers}/marathon`];
    return loopback.daemon('marathon/marathon', [...place, ...listen]);
  }

  async function state(): Promise<State | null> {
    const answer = await get(`127.0.0.1:${String(masterPort)}/state`);
    return answer.status === 200 ? (answer.body as State) : null;
  }

  async function registeredAgent(): Promise<{ readonly id: string }> {
    return await eventually('an active agent', 30, async () => (await state())?.slaves.find((slave) => slave.active));
  }

  async function leadingMarathon(ports: readonly number[]): Promise<string> {
    return await eventually('a leading marathon', 30, async () => {
      const answers = await Promise.all(ports.map((port) => get(`127.0.0.1:${String(port)}/v2/leader`)));
      const named = answers.map((answer) => (answer.body as { leader?: string } | null)?.leader);
      return named.find((leader) => ports.some((port) => leader === `127.0.0.1:${String(port)}`));
    });
  }

  it('an agent keeps its id when it is restarted', async () => {
    const first = startAgent(0);
    const before = await registeredAgent();

    await first.kill('SIGTERM');
    const second = startAgent(0);
    await eventually('a registered agent', 30, () =>
      Promise.resolve(second.output.includes('registered with the leader')),
    );

    expect(second.output).toContain(`as ${before.id}`);
  });

  it('marathon hands over at once when it is stopped', async () => {
    const ports = await freePorts(2);
    const marathons = ports.map((port) => startMarathon(port));
    const before = await leadingMarathon(ports);
    const at = ports.findIndex((port) => before === `127.0.0.1:${String(port)}`);
    const rest = ports.filter((_, index) => index !== at);

    await marathons[at]?.kill('SIGTERM');
    const after = await leadingMarathon(rest);

    expect(marathons[at]?.process.exitCode).toBe(0);
    expect(after).not.toBe(before);
  });

  it('an agent waits for ZooKeeper while its master ends', async () => {
    const agent = startAgent(1);
    await eventually('a registered agent', 30, () =>
      Promise.resolve(agent.output.includes('registered with the leader')),
    );

    zookeeper?.process.kill('SIGSTOP');
    const masterExit = await master.exitCode();
    await eventually('an agent that waits', 30, () => Promise.resolve(agent.lastLine.endsWith('waits')));
    zookeeper?.process.kill('SIGCONT');
    master = startMaster();
    await eventually('an agent that registers again', 30, () =>
      Promise.resolve(agent.output.match(/registered with the leader/g)?.length === 2),
    );

    expect(masterExit).toBe(1);
    expect(agent.running).toBe(true);
  });
});
