import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, freePorts, get, Loopback, type Child } from './rehearsal-support.js';

interface State {
  readonly activated_slaves: number;
  readonly leader: string;
  readonly slaves: readonly { readonly id: string; readonly hostname: string; readonly active: boolean }[];
  readonly frameworks: readonly { readonly id: string; readonly name: string; readonly active: boolean }[];
}

interface Master {
  readonly child: Child;
  readonly address: string;
}

const AGENTS = 3;

describe('a rehearsed cluster on a real ensemble', () => {
  let loopback: Loopback;
  let url: string;
  let masters: Master[];
  let frameworks: readonly number[];

  beforeAll(async () => {
    loopback = await Loopback.open();
    const { servers } = await loopback.ensemble(3);
    url = `zk://${servers}/mesos`;
    const ports = await freePorts(3 + AGENTS);
    masters = ports.slice(0, 3).map((port, at) => startMaster(port, at));
    for (const [at, port] of ports.slice(3).entries()) startAgent(port, at);
    frameworks = await freePorts(3);
    for (const port of frameworks.slice(0, 2)) startMarathon(port, servers);
    const chronos = ['--master', url, '--zk_hosts', servers, '--http_port', String(frameworks[2])];
    loopback.daemon('chronos/chronos', [...chronos, '--http_address', '127.0.0.1', '--hostname', '127.0.0.1']);
  });

  afterAll(async () => {
    await loopback.close();
  });

  function startMaster(port: number, at: number): Master {
    const place = [`--zk=${url}`, '--quorum=2', `--work_dir=${loopback.folder}/master-${String(at)}`];
    const listen = ['--ip=127.0.0.1', `--port=${String(port)}`, '--hostname=127.0.0.1', '--zk_session_timeout=4secs'];
    return {
      child: loopback.daemon('mesos/mesos-master', [...place, ...listen]),
      address: `127.0.0.1:${String(port)}`,
    };
  }

  function startAgent(port: number, at: number): void {
    const listen = ['--ip=127.0.0.1', `--port=${String(port)}`, `--hostname=agent-${String(at)}`];
    loopback.daemon('mesos/mesos-agent', [
      `--master=${url}`,
      `--work_dir=${loopback.folder}/agent-${String(at)}`,
      ...listen,
    ]);
  }

  function startMarathon(port: number, servers: string): void {
    const listen = ['--http_address', '127.0.0.1', '--http_port', String(port), '--hostname', '127.0.0.1'];
    loopback.daemon('marathon/marathon', ['--master', url, '--zk', `zk://${servers}/marathon`, ...listen]);
  }

  /** The living masters that say of themselves that they lead. */
  async function leaders(): Promise<readonly Master[]> {
    const flags = await Promise.all(
      masters.map(async ({ child, address }) => {
        const metrics = await get(`${address}/metrics/snapshot`);
        return child.running && (metrics.body as Record<string, number> | null)?.['master/elected'] === 1;
      }),
    );
    return masters.filter((_, at) => flags[at]);
  }

  async function leader(): Promise<Master> {
    return await eventually('a leading master', 60, async () => (await leaders())[0]);
  }

  async function wholeState(): Promise<State> {
    return await eventually('all agents and frameworks', 60, async () => {
      const state = (await get(`${(await leader()).address}/state`)).body as State | null;
      return state?.activated_slaves === AGENTS && state.frameworks.length === 2 ? state : null;
    });
  }

  it('elects one master with which agents and frameworks register', async () => {
    const state = await wholeState();

    expect(state.slaves.map((slave) => slave.hostname).sort()).toEqual(['agent-0', 'agent-1', 'agent-2']);
    expect(state.frameworks.map((framework) => framework.name).sort()).toEqual(['chronos', 'marathon']);
    expect(await leaders()).toHaveLength(1);
  });

  it('redirects state from a follower to the leader', async () => {
    const leading = await leader();
    const follower = masters.find((master) => master !== leading);

    const answer = await get(`${String(follower?.address)}/state`);

    expect(answer).toMatchObject({ status: 307, location: `//${leading.address}/state` });
  });

  it('lets one marathon lead and the other one ask it', async () => {
    const answers = await eventually('two answers of marathon', 60, async () => {
      const both = await Promise.all(frameworks.slice(0, 2).map((port) => get(`127.0.0.1:${String(port)}/v2/leader`)));
      return both.every((answer) => (answer.body as { leader?: string } | null)?.leader) ? both : null;
    });
    const apps = await Promise.all(frameworks.slice(0, 2).map((port) => get(`127.0.0.1:${String(port)}/v2/apps`)));

    expect(answers[0]?.body).toEqual(answers[1]?.body);
    expect(apps.map((answer) => answer.body)).toEqual([{ apps: [] }, { apps: [] }]);
  });

  it('moves agents and frameworks to the next master with their ids', async () => {
    const before = await wholeState();
    const first = await leader();

    await first.child.kill('SIGKILL');
    const after = await eventually('agents at the next master', 30, async () => {
      const state = (await get(`${String((await leaders())[0]?.address)}/state`)).body as State | null;
      return state?.activated_slaves === AGENTS && state.frameworks.length === 2 ? state : null;
    });

    expect(after.leader).not.toBe(before.leader);
    expect(after.slaves.map((slave) => slave.id).sort()).toEqual(before.slaves.map((slave) => slave.id).sort());
    expect(after.frameworks.map((one) => one.id).sort()).toEqual(before.frameworks.map((one) => one.id).sort());
  });

  it('serves no longer once the quorum of masters is gone', async () => {
    const last = await leader();
    const other = masters.find((master) => master.child.running && master !== last);

    await other?.child.kill('SIGKILL');
    const metrics = await eventually('a lost quorum', 30, async () => {
      const answer = (await get(`${last.address}/metrics/snapshot`)).body as Record<string, number> | null;
      return answer?.['registrar/log/recovered'] === 0 ? answer : null;
    });

    expect(metrics['master/elected']).toBe(1);
  });
});
