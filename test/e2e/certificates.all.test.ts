import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StatusReport } from '../../src/cli/services/cluster-status.js';
import { execEverywhere, showCluster } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { buildTlsProject } from './support/tls-project.js';
import { startTlsLoad, type Asked, type TlsLoad } from './support/tls-load.js';
import { until } from './support/until.js';

type Certificates = NonNullable<StatusReport['json']['certificates']>;

const ROTATE = ['cluster', 'rotate-certs', 'tls'];

describe('a TLS service whose certificates are rotated while it is asked', () => {
  let project: Awaited<ReturnType<typeof buildTlsProject>>;
  let home: Home;
  let load: TlsLoad;

  beforeAll(async () => {
    project = await buildTlsProject();
    home = await newHome(project);
    await home.json(['cluster', 'create', 'tls', '--spec', project.spec]);
    load = startTlsLoad(home, (await showCluster(home, 'tls')).nodes);
    await until('the first answers', () => Promise.resolve(members().every(({ answered }) => answered > 20)));
  });

  afterAll(async () => {
    await load.stop();
    await home.dispose();
    await project.remove();
  });

  function members(): readonly Asked[] {
    return Object.values(load.asked());
  }

  async function certificates(): Promise<Certificates> {
    const { certificates: found } = await home.json<StatusReport['json']>(['cluster', 'status', 'tls']);
    if (found === null) throw new Error('the cluster has no certificates');
    return found;
  }

  /** Every member was asked in the meantime, shows another certificate now, and no request to any failed. */
  async function expectExchanged(before: Certificates, seen: readonly number[]): Promise<Certificates> {
    const after = await certificates();
    const shown = (): boolean =>
      Object.entries(load.asked()).every(([name, { serials }]) =>
        [...serials].some((serial) => serial.toLowerCase() === after.nodes.find(({ node }) => node === name)?.serial),
      );
    await until('every member shows its new certificate', () => Promise.resolve(shown()));
    expect(after.nodes.map(({ serial }) => serial)).not.toEqual(before.nodes.map(({ serial }) => serial));
    members().forEach(({ answered }, index) => expect(answered).toBeGreaterThan(seen[index]! + 20));
    expect(members().flatMap(({ failures }) => failures)).toEqual([]);
    return after;
  }

  const answeredSoFar = (): readonly number[] => members().map(({ answered }) => answered);

  it('has a certificate on each node that names it and that nobody but root and the group reads', async () => {
    const modes = await execEverywhere(home, 'tls', ['sh', '-c', "stat -c '%a %U %G %n' /etc/bde/tls/*"]);

    for (const text of Object.values(modes)) {
      expect(text.trim().split('\n')).toEqual([
        '644 root bde-tls /etc/bde/tls/ca.crt',
        '644 root bde-tls /etc/bde/tls/node.crt',
        '640 root bde-tls /etc/bde/tls/node.key',
      ]);
    }
    const { authorities, earliest, warnings } = await certificates();
    expect(authorities).toHaveLength(1);
    expect(Date.parse(earliest.expiresAt)).toBeGreaterThan(Date.now() + 390 * 24 * 3600 * 1000);
    expect(warnings).toEqual([]);
  });

  it('fails no request while every node gets another certificate', async () => {
    const before = await certificates();
    const seen = answeredSoFar();

    await home.json(ROTATE);

    const after = await expectExchanged(before, seen);
    expect(after.authorities).toEqual(before.authorities);
    const plan = await home.json<{ plan: { steps: unknown[] } }>(['cluster', 'start', 'tls', '--plan']);
    expect(plan.plan.steps).toEqual([]);
  });

  it('fails no request while the authority is exchanged', async () => {
    const before = await certificates();
    const seen = answeredSoFar();

    await home.json([...ROTATE, '--ca']);

    const after = await expectExchanged(before, seen);
    expect(after.authorities).toHaveLength(1);
    expect(after.authorities[0]?.serial).not.toBe(before.authorities[0]?.serial);
    const { authorities } = await home.json<{ authorities: string }>(['cluster', 'trust', 'tls']);
    const trusted = await execEverywhere(home, 'tls', ['cat', '/etc/bde/tls/ca.crt']);
    expect(new Set(Object.values(trusted))).toEqual(new Set([authorities]));
  });

  it('fails no request where the exchange is killed half way and resumed', async () => {
    const before = await certificates();
    const seen = answeredSoFar();
    const killed = await home.run([...ROTATE, '--ca'], { BDE_FAULT: 'kill@certificates-sign:-:-:after' });
    expect(killed.signal).toBe('SIGKILL');
    const issued = (await certificates()).nodes;

    await home.json(['cluster', 'resume', 'tls']);

    const after = await expectExchanged(before, seen);
    expect(after.nodes).toEqual(issued);
    expect(after.authorities).toHaveLength(1);
  });
});
