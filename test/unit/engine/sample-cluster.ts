import type { CookbookSource } from '../../../src/cookbook/types.js';
import type { CreateRequest } from '../../../src/engine/operations/create-request.js';
import type { ClusterName, NodeName } from '../../../src/errors/ids.js';
import type { Secret } from '../../../src/errors/secret.js';
import type { ResolvedCluster, ResolvedGroup } from '../../../src/spec/resolved-cluster.js';

/** A cookbook from texts by path. */
export function cookbook(name: string, files: Readonly<Record<string, string>>): CookbookSource {
  const metadata = `formatVersion: 1\nname: ${name}\nversion: '1.0.0'\nsummary: For a test\n`;
  const all = { 'metadata.yaml': metadata, ...files };
  return {
    name,
    path: `cookbooks/${name}`,
    files: Object.fromEntries(Object.entries(all).map(([path, text]) => [path, Buffer.from(text)])),
  };
}

const BASE = cookbook('base', {
  'roles/basic.yaml': 'summary: Base\nrunList: ["base::node"]\n',
  'recipes/node.yaml': 'resources:\n  - file: /etc/motd\n    content: hello\n',
});

/** A service that has to be ready, with packages and an acceptance test, and one that requires it. */
const SERVICE = cookbook('service', {
  'roles/server.yaml': [
    'summary: Server',
    'runList: ["service::server"]',
    'ready: { scope: quorum, withinSeconds: 60, probe: { command: probe-server } }',
    'acceptance: { command: accept-server, timeoutSeconds: 10 }',
    '',
  ].join('\n'),
  'roles/client.yaml': 'summary: Client\nrequires: [server]\nrunList: ["service::client"]\n',
  'recipes/server.yaml': 'resources:\n  - package: service\n  - file: /etc/server\n    content: "{{node.name}}"\n',
  'recipes/client.yaml': 'resources:\n  - file: /etc/client\n    content: "{{roles.server.0.address}}"\n',
});

/** What a request is made from beside the sample itself. */
export interface SampleParts {
  readonly name?: string;
  /** Roles of each group, by its name; 1 node each unless `counts` says more. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly counts?: Readonly<Record<string, number>>;
  readonly cookbooks?: readonly CookbookSource[];
  readonly configuration?: ResolvedCluster['configuration'];
  readonly secrets?: ReadonlyMap<string, Secret>;
  readonly repos?: readonly string[];
}

/** A request for a bare cluster of one node, or for what the parts say. */
export function sampleRequest(parts: SampleParts = {}): CreateRequest {
  const name = parts.name ?? 'demo';
  const groups = Object.entries(parts.groups ?? { a: ['basic'] }).map(([group, roles]) =>
    sampleGroup(group, roles, parts.counts?.[group] ?? 1),
  );
  const places = groups.flatMap((group) => Array.from({ length: group.count }, (_, index) => ({ group, index })));
  return {
    resolved: {
      formatVersion: 1,
      name: name as ClusterName,
      specLabel: 'test',
      distro: { name: 'd', vendor: 'V', version: '1' },
      groups,
      nodes: places.map(({ group, index }, position) => ({
        name: `${name}-${group.name}-${String(index)}` as NodeName,
        group: group.name,
        index,
        ordinal: position + 1,
        roles: group.roles,
      })),
      configuration: parts.configuration ?? {},
      warnings: [],
    },
    distro: { repos: parts.repos ?? [], attributes: {} },
    cookbooks: [BASE, ...(parts.cookbooks ?? [])],
    rehearsal: false,
    source: null,
    secrets: parts.secrets ?? new Map(),
    asked: { spec: 'test' },
  };
}

/** Three servers and a client, with packages from the repo `main`, which a test has to write into `repos.json`. */
export function serviceRequest(): CreateRequest {
  return sampleRequest({
    groups: { s: ['server'], c: ['client'] },
    counts: { s: 3 },
    cookbooks: [SERVICE],
    repos: ['main'],
  });
}

/** The packages that `serviceRequest` asks for. */
export const SERVICE_REPOS = { main: { packages: ['service'] } };

function sampleGroup(name: string, roles: readonly string[], count: number): ResolvedGroup {
  return {
    name,
    roles,
    count,
    size: { cpuCount: 1, memoryMiB: 512, diskGiB: 4 },
    swapMiB: 0,
    dataDisksGiB: [],
    placement: { instancesPerHost: null, racks: null, association: null },
    ha: 'off',
    configuration: {},
  };
}
