import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { RESOURCE_KINDS } from '../../src/cookbook/resources/resource-kinds.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { LEFT_OUT, listOfKinds, MAKERS } from './converge-every-kind.js';
import { LoopDisk } from './converge-loop-disk.js';
import { MODPROBE, OwnMounts } from './converge-own-mounts.js';
import { SHELLS } from './converge-support.js';
import { SYSTEMCTL } from './fake-systemctl.js';

const RUNS = process.env['BDE_TEST_ALL'] === '1' ? 20 : 1;
const UID = 4242;
const FILE = 'a file of the mirror\n';

/** Programs that would reach beyond the namespaces, and what does their work instead. */
const PROGRAMS: Readonly<Record<string, string>> = {
  systemctl: SYSTEMCTL,
  rpm: "#!/bin/sh\nprintf 'alpha\\t0:1-1.noarch\\n'\n",
  dnf: '#!/bin/sh\n',
  curl: '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\ncp "$FILES/${4##*/}" "$2"\n',
  'update-ca-certificates':
    '#!/bin/sh\ncat /usr/local/share/ca-certificates/*.crt >/etc/ssl/certs/ca-certificates.crt\n',
};

const sumOf = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

/** A node of namespaces on which every kind can act: its own mounts, /etc, network, host name and disk. */
class WholeNode {
  readonly own: OwnMounts;
  readonly disk: LoopDisk;

  private constructor(own: OwnMounts) {
    this.own = own;
    for (const folder of ['bin', 'units', 'files', 'home']) mkdirSync(own.path(folder));
    for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(own.path(`bin/${name}`), text, { mode: 0o755 });
    for (const unit of ['svc-0', 'svc-1'])
      writeFileSync(own.path(`units/${unit}.service`), 'loaded inactive disabled no\n');
    writeFileSync(own.path('files/tool'), FILE);
    writeFileSync(own.path('key'), '');
    chmodSync(own.path('.'), 0o755);
    chownSync(own.path('home'), UID, UID);
    appendFileSync(`${own.etc}/passwd`, `bde-demo:x:${UID}:${UID}::${own.path('home')}:/usr/sbin/nologin\n`);
    appendFileSync(`${own.etc}/group`, `bde-demo:x:${UID}:\n`);
    for (const folder of ['systemd/system', 'ssl/certs', 'sysctl.d', 'yum.repos.d']) {
      mkdirSync(`${own.etc}/${folder}`, { recursive: true });
    }
    execFileSync('tar', ['-C', own.path('files'), '-cf', own.path('tool.tar'), 'tool']);
    this.disk = new LoopDisk(own.path('image'), 16);
  }

  static async make(shell: readonly string[]): Promise<WholeNode> {
    const node = new WholeNode(await OwnMounts.make(shell, ['uts', 'net']));
    node.own.sh(`
      mount -t tmpfs x /var/log
      mount -t tmpfs x /usr/local/share && mkdir /usr/local/share/ca-certificates
      ip link set lo up
      ip link add eth0 type veth peer name eth1
      ip address add 10.0.0.10/24 dev eth0
      ip link set eth0 up
    `);
    return node;
  }

  get surroundings() {
    const archive = this.own.path('tool.tar');
    return {
      disk: this.disk.device,
      archive: { path: archive, sha256: sumOf(readFileSync(archive)) },
      remote: { repo: 'files', source: 'tool', sha256: sumOf(FILE) },
      user: 'bde-demo',
    };
  }

  compile(resources: readonly object[]): string {
    const yaml = resources.map(
      (resource) => `  - ${JSON.stringify(resource).replaceAll('@/', `${this.own.runner.folder}/`)}\n`,
    );
    const cookbook = recipeCookbook(yaml.join(''), {
      'roles/demo.yaml':
        'summary: Demo\nrunList: ["demo::main"]\nports: [{ name: http, port: 8080 }]\nfacts: { count: { schema: { type: integer } } }\n',
    });
    const mirror = { url: 'https://m', caPath: '/ca', repos: [{ name: 'files', gpgKeyPath: '/k' }] };
    return compileRun(compileInput({ mirror, lockedPackages: { alpha: 'alpha-1-1.noarch' } }), [cookbook]).script;
  }

  run(script: string, mode: 'apply' | 'check' = 'apply') {
    const { folder } = this.own.runner;
    const before = [
      'unset -f systemctl; unset SSH_CONNECTION',
      `PATH=${folder}/bin:$PATH; export UNITS=${folder}/units FILES=${folder}/files`,
      MODPROBE,
    ];
    return this.own.run(script, mode, before.join('\n'));
  }

  async remove(): Promise<void> {
    await this.own.remove();
    this.disk.detach();
  }
}

describe.each(Object.entries(SHELLS))('any list over every kind of resource under %s', (_, shell) => {
  it('changes in its first run what a check foretold, and nothing in its second', async () => {
    for (let run = 0; run < RUNS; run += 1) {
      const node = await WholeNode.make(shell);
      try {
        fc.assert(
          fc.property(listOfKinds(Object.keys(MAKERS), node.surroundings), (resources) => {
            const script = node.compile(resources);

            const foretold = node.run(script, 'check');
            const first = node.run(script);
            const second = node.run(script);

            expect(first.lines.filter(({ outcome }) => outcome !== 'changed' && outcome !== 'unchanged')).toEqual([]);
            expect(second.lines.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
            const known = foretold.lines.flatMap(({ resource, outcome }, index) =>
              outcome === 'unknown' ? [] : [{ resource, outcome: outcome.replace('would-change', 'changed'), index }],
            );
            expect(known.map(({ resource, outcome }) => [resource, outcome])).toEqual(
              known.map(({ index }) => [first.lines[index]?.resource, first.lines[index]?.outcome]),
            );
            expect([first.lines.length, first.exitCode, second.exitCode, second.detaches]).toEqual([
              resources.length,
              0,
              0,
              0,
            ]);
            expect([first.stderr, second.stderr]).toEqual(['', '']);
          }),
          // The node is new for one list alone.
          { numRuns: 1, endOnFailure: true },
        );
      } finally {
        await node.remove();
      }
    }
  }, 600_000);
});

describe('the kinds that such a list has', () => {
  it('are all but those that are left out with a reason', () => {
    const kinds = [...Object.keys(MAKERS), ...Object.keys(LEFT_OUT)];

    expect(kinds.sort()).toEqual(RESOURCE_KINDS.map(({ kind }) => kind).sort());
  });
});
