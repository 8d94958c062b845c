import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildProject, type Project } from './project.js';

/** Where the fixture's service listens. */
export const ECHO_PORT = 8443;

/** A cookbook of a service that shows the node's certificate and asks clients for one of the cluster. It needs no package. */
const COOKBOOK = {
  'metadata.yaml': ['formatVersion: 1', 'name: echo', 'version: "1.0.0"', 'summary: Answers by TLS'],
  'roles/tls_echo.yaml': [
    'summary: Answers by TLS',
    'runList: ["echo::server"]',
    `ports: [{ name: https, port: ${String(ECHO_PORT)}, scheme: https }]`,
    'ready:',
    '  probe:',
    '    command: >-',
    '      curl -fsS --cacert /etc/bde/tls/ca.crt --cert /etc/bde/tls/node.crt --key /etc/bde/tls/node.key',
    `      https://{{node.name}}:${String(ECHO_PORT)}/`,
  ],
  'recipes/server.yaml': [
    'resources:',
    '  - user: tls-echo',
    '    system: true',
    '    groups: [bde-tls]',
    '  - node_certificate: /etc/bde/tls',
    '    notify: reload service[tls-echo]',
    '  - file: /usr/local/lib/tls-echo.py',
    '    source: tls-echo.py',
    '    notify: restart service[tls-echo]',
    '  - systemd_unit: tls-echo.service',
    '    content: |',
    '      [Service]',
    '      User=tls-echo',
    '      ExecStart=/usr/bin/python3 /usr/local/lib/tls-echo.py',
    '      ExecReload=/bin/kill -HUP $MAINPID',
    '      [Install]',
    '      WantedBy=multi-user.target',
    '    notify: restart service[tls-echo]',
    '  - service: tls-echo',
  ],
} as const;

const DISTRO = {
  name: 'echoed',
  vendor: 'ECHOED',
  version: '1',
  packages: [{ roles: ['basic', 'tls_echo'] }],
  cookbooks: ['base', 'echo'],
  repos: [],
};

const SPEC = {
  apiVersion: 'bde/v2',
  distro: 'echoed',
  nodeGroups: [{ name: 'echo', roles: ['tls_echo'], instanceNum: 3, instanceType: 'SMALL' }],
};

/** A project whose distro `echoed` has the role `tls_echo`, and a spec of three nodes with it. */
export async function buildTlsProject(): Promise<Project & { readonly spec: string }> {
  const project = await buildProject();
  const cookbook = join(project.root, 'cookbooks', 'echo');
  for (const [path, lines] of Object.entries(COOKBOOK)) {
    const file = join(cookbook, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${lines.join('\n')}\n`);
  }
  await mkdir(join(cookbook, 'files'));
  await copyFile(join(import.meta.dirname, 'tls-echo.py'), join(cookbook, 'files', 'tls-echo.py'));
  const manifest = join(project.root, 'distros', 'manifest.json');
  const distros = JSON.parse(await readFile(manifest, 'utf8')) as unknown[];
  await writeFile(manifest, JSON.stringify([...distros, DISTRO]));
  const spec = join(project.root, 'echo.json');
  await writeFile(spec, JSON.stringify(SPEC));
  return { ...project, spec };
}
