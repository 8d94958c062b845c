import { renderContext } from '../render-context.js';
import type { NodeView, Role } from '../types.js';

const NODE: NodeView = {
  name: 'sample-node-0',
  group: 'node',
  index: 0,
  ordinal: 1,
  address: '192.0.2.10',
  roles: ['sample'],
  cpuCount: 1,
  memoryMiB: 1024,
  dataDisks: [],
};

const ROLE: Role = {
  name: 'sample',
  cookbook: 'sample',
  summary: '',
  requires: [],
  reads: [],
  runList: [],
  cardinality: { min: 1, max: null, quorum: false },
  ready: null,
  ports: [],
  minimumMemoryMiB: 0,
  acceptance: null,
  membership: { join: null, leave: null, drain: null, undrain: null, remove: null },
  data: null,
  update: { maxUnavailable: { count: 1 }, leader: null },
  facts: {},
};

/** What a template would see: every name that there is, with values that mean nothing. */
export function sampleContext(): Readonly<Record<string, unknown>> {
  const context = renderContext(
    {
      cluster: { id: 'sample', name: 'sample', distro: { name: 'sample', version: '1' } },
      node: NODE,
      nodes: [NODE],
      role: ROLE.name,
      attributes: {},
      facts: {},
      members: [NODE],
      lockedPackages: {},
      packageSources: {},
      mirror: { url: 'https://192.0.2.1', caPath: '/ca.pem', repos: [] },
      secretMac: () => '',
      backup: { directory: '/backup' },
    },
    ROLE,
    ROLE.cookbook,
  );
  return context as Readonly<Record<string, unknown>>;
}
