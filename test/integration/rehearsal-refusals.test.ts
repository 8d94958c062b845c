import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, freePorts, get, Loopback, type Child } from './rehearsal-support.js';

describe('a rehearsed daemon with something wrong', () => {
  let loopback: Loopback;
  let servers: string;
  let astray: Child;
  let count = 0;

  beforeAll(async () => {
    loopback = await Loopback.open();
    ({ servers } = await loopback.ensemble(1));
    astray = await agent('nobody');
  });

  afterAll(async () => {
    await loopback.close();
  });

  /** A master at that path in ZooKeeper, with a port of its own. */
  async function master(
    quorum: number,
    path: string,
    args: readonly string[] = [],
  ): Promise<{ child: Child; address: string }> {
    count += 1;
    const [port] = await freePorts(1);
    const place = [
      `--zk=zk://${servers}/${path}`,
      `--quorum=${String(quorum)}`,
      `--work_dir=${loopback.folder}/m${String(count)}`,
    ];
    const listen = ['--ip=127.0.0.1', `--port=${String(port)}`, '--hostname=127.0.0.1', '--zk_session_timeout=4secs'];
    return {
      child: loopback.daemon('mesos/mesos-master', [...place, ...listen, ...args]),
      address: `127.0.0.1:${String(port)}`,
    };
  }

  async function agent(path: string): Promise<Child> {
    const [port] = await freePorts(1);
    const place = [`--master=zk://${servers}/${path}`, `--work_dir=${loopback.folder}/agent-${path}`];
    return loopback.daemon('mesos/mesos-agent', [...place, '--ip=127.0.0.1', `--port=${String(port)}`]);
  }

  async function recovered(address: string): Promise<boolean> {
    const metrics = (await get(`${address}/metrics/snapshot`)).body as Record<string, number> | null;
    return metrics?.['registrar/log/recovered'] === 1;
  }

  it('ends when the quorum is less than a majority of masters', async () => {
    await master(1, 'small');
    const second = await master(1, 'small');

    const exitCode = await second.child.exitCode();

    expect(exitCode).toBe(1);
    expect(second.child.lastLine).toBe(
      `mesos-master (rehearsal): ends: --quorum=1 is no majority of the 2 masters under zk://${servers}/small: ` +
        'it must be at least 2, or masters could decide apart from each other',
    );
  });

  it('never serves and gives up when the quorum exceeds the masters', async () => {
    const { child, address } = await master(3, 'large', ['--registry_fetch_timeout=3secs']);
    const answer = await eventually('an answer', 20, async () => {
      const health = await get(`${address}/health`);
      return health.status === 200 ? health : null;
    });
    const served = await recovered(address);

    const exitCode = await child.exitCode();

    expect(answer.status).toBe(200);
    expect(served).toBe(false);
    expect(exitCode).toBe(1);
    expect(child.lastLine).toContain(
      `1 of --quorum=3 masters are under zk://${servers}/large, and no more came within 3.0 s`,
    );
  });

  it('ends when no server of the ensemble answers', async () => {
    const [zookeeper, port] = await freePorts(2);
    const args = [`--zk=zk://127.0.0.1:${String(zookeeper)}/mesos`, '--quorum=1', `--work_dir=${loopback.folder}/none`];

    const child = loopback.daemon('mesos/mesos-master', [
      ...args,
      `--port=${String(port)}`,
      '--zk_session_timeout=2secs',
    ]);

    expect(await child.exitCode()).toBe(1);
    expect(child.lastLine).toContain(`no ZooKeeper server of 127.0.0.1:${String(zookeeper)} answered within 5 s`);
  });

  it('ends when its port is taken', async () => {
    const first = await master(1, 'port');
    await eventually('the first master', 20, () => recovered(first.address));
    const port = first.address.split(':')[1];
    const args = [`--zk=zk://${servers}/other`, '--quorum=1', `--work_dir=${loopback.folder}/second`, '--ip=127.0.0.1'];

    const child = loopback.daemon('mesos/mesos-master', [...args, `--port=${String(port)}`]);

    expect(await child.exitCode()).toBe(1);
    expect(child.lastLine).toContain(`cannot listen on ${first.address}: Address already in use (EADDRINUSE)`);
  });

  it('ends a leading master once its session has expired', async () => {
    const other = await Loopback.open();
    try {
      const { servers: doomed, members } = await other.ensemble(1);
      const [port] = await freePorts(1);
      const args = [
        `--zk=zk://${doomed}/mesos`,
        '--quorum=1',
        `--work_dir=${other.folder}/master`,
        '--zk_session_timeout=2secs',
      ];
      const child = other.daemon('mesos/mesos-master', [...args, '--ip=127.0.0.1', `--port=${String(port)}`]);
      await eventually('a leading master', 20, () => recovered(`127.0.0.1:${String(port)}`));

      await members[0]?.kill('SIGKILL');

      expect(await child.exitCode()).toBe(1);
      expect(child.lastLine).toBe(
        `mesos-master (rehearsal): ends: no connection to ZooKeeper ${doomed} for 2 s: the session has expired`,
      );
    } finally {
      await other.close();
    }
  });

  it('counts a restarted master once while its old node lingers', async () => {
    const args = ['--registry_fetch_timeout=60secs'];
    const first = await master(1, 'again', args);
    await eventually('a leading master', 20, () => recovered(first.address));
    await first.child.kill('SIGKILL');
    const port = first.address.split(':')[1];
    const place = [
      `--zk=zk://${servers}/again`,
      '--quorum=1',
      `--work_dir=${loopback.folder}/m-again`,
      '--ip=127.0.0.1',
    ];

    loopback.daemon('mesos/mesos-master', [...place, `--port=${String(port)}`, '--zk_session_timeout=4secs']);

    await eventually('the master again', 20, async () => {
      const metrics = (await get(`${first.address}/metrics/snapshot`)).body as Record<string, number> | null;
      return metrics?.['master/elected'] === 1 && metrics['registrar/log/recovered'] === 1;
    });
  });

  it('ends an agent whose path nobody leads', async () => {
    const exitCode = await astray.exitCode();

    expect(exitCode).toBe(1);
    expect(astray.lastLine).toBe(
      `mesos-agent (rehearsal): ends: no leader under zk://${servers}/nobody within 30 s: that path does not exist`,
    );
  });
});
