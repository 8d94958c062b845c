import { stringify } from 'yaml';
import { toHandlebars } from './template.mjs';
import { GREETINGS, ofKind } from './workload.mjs';

/** How the cookbook's templates name the values of the workload. */
const VALUES = {
  node_name: 'node.name',
  node_addr: 'node.address',
  node_index: 'add node.index 1',
  greeting: 'attributes.greeting',
};

const SERVICE = 'wbench';

/**
 * What the data of a project root has beside the shipped data: a cookbook with one role, and a spec that bears it. By path
 * below the root.
 *
 * @param {readonly import('./workload.mjs').Resource[]} resources
 * @returns {Readonly<Record<string, string>>}
 */
export function toCookbook(resources) {
  const recipe = { resources: resources.flatMap((resource) => toResources(resource)) };
  return {
    'cookbooks/wbench/metadata.yaml': yaml({
      formatVersion: 1,
      name: 'wbench',
      version: '1.0.0',
      summary: 'Benchmark',
    }),
    'cookbooks/wbench/attributes.yaml': yaml({
      greeting: { type: 'string', default: GREETINGS.first, description: 'What the daemon says' },
    }),
    'cookbooks/wbench/roles/wbench.yaml': yaml({
      summary: 'Workload of the benchmark',
      runList: ['wbench::node'],
      // The other tools restart the service on all nodes at once.
      update: { maxUnavailable: '100%' },
    }),
    'cookbooks/wbench/recipes/node.yaml': yaml(recipe),
    ...Object.fromEntries(
      [...ofKind(resources, 'template'), ...ofKind(resources, 'unit')].map(({ id, lines }) => [
        `cookbooks/wbench/templates/${id}.hbs`,
        toHandlebars(lines, VALUES),
      ]),
    ),
    'specs/wbench/basic/spec.json': JSON.stringify({
      apiVersion: 'bde/v2',
      nodeGroups: [{ name: 'node', roles: ['wbench'], instanceNum: 1, instanceType: 'SMALL' }],
    }),
  };
}

/** What the cookbook's distro and spec add to the lists that are shipped. */
export const DISTRO_ENTRY = {
  name: 'wbench',
  vendor: 'WBENCH',
  version: '1',
  packages: [{ roles: ['basic', 'wbench'] }],
  cookbooks: ['base', 'wbench'],
  repos: ['wbench'],
};
export const MAP_ENTRY = {
  vendor: 'WBench',
  version: '.*',
  type: 'Workload of the benchmark',
  appManager: 'Default',
  path: 'wbench/basic/spec.json',
};

function toResources(resource) {
  switch (resource.kind) {
    case 'user':
      return [{ user: resource.name, system: true, home: resource.home, shell: resource.shell }];
    case 'directory':
      return [{ directory: resource.path, ...access(resource) }];
    case 'packages':
      return resource.names.map((name) => ({ package: name }));
    case 'template':
      return [{ template: resource.path, source: resource.id, ...access(resource), ...notify(resource) }];
    case 'line':
      return [{ line_in_file: resource.path, match: `^${resource.key}=`, line: resource.line }];
    case 'command':
      return [{ execute: resource.id, command: resource.command, creates: resource.creates }];
    case 'unit':
      return [{ systemd_unit: SERVICE, source: resource.id, ...notify(resource) }];
    case 'service':
      return [{ service: SERVICE }];
    case 'port':
      return [{ wait_for: resource.id, port: resource.port, timeout_seconds: resource.withinSeconds }];
    case 'check':
      return [{ wait_for: resource.id, command: toCommand(resource.command), timeout_seconds: 1 }];
    default:
      throw new TypeError(`the cookbook has no way to say ${resource.kind}`);
  }
}

function access({ owner, group, mode }) {
  return { owner, group, mode };
}

function notify({ id }) {
  return ['daemon', 'unit'].includes(id) ? { notify: `restart service[${SERVICE}]` } : {};
}

function toCommand(words) {
  return words.map((word) => (typeof word === 'string' ? word : `{{quote ${VALUES[word.value]}}}`)).join(' ');
}

function yaml(value) {
  return stringify(value, { aliasDuplicateObjects: false });
}
