import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cookbookLayer } from '../../../src/cookbook/attribute-layers.js';
import type { Cookbook } from '../../../src/cookbook/cookbook.js';
import { mergeAttributes } from '../../../src/cookbook/merge-attributes.js';
import { parseCookbook } from '../../../src/cookbook/parse-cookbook.js';
import { resolveRun } from '../../../src/cookbook/resolve-run.js';
import type { Attributes, CompileInput, NodeView } from '../../../src/cookbook/types.js';

const ROOT = new URL('../../../cookbooks/', import.meta.url).pathname;

/** The cookbooks of this name, parsed as the program does it. */
export function shippedCookbooks(names: readonly string[]): readonly Cookbook[] {
  return names.map((name) => parseCookbook({ name, path: `cookbooks/${name}`, files: filesOf(join(ROOT, name)) }));
}

function filesOf(folder: string): Readonly<Record<string, Buffer>> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path))]));
}

/** A node whose address ends in `ordinal`. */
export function nodeWith(ordinal: number, roles: readonly string[]): NodeView {
  const place = {
    name: `c-g-${String(ordinal)}`,
    group: 'g',
    index: ordinal - 1,
    ordinal,
    address: `10.0.0.${String(ordinal)}`,
  };
  return { ...place, roles, cpuCount: 2, memoryMiB: 2048, dataDisks: [] };
}

/** What compiling a role on a node takes, with the cookbooks' own defaults and `attributes` over them. */
export function inputFor(
  cookbooks: readonly Cookbook[],
  {
    nodes,
    node,
    role,
    attributes = {},
  }: { nodes: readonly NodeView[]; node: NodeView; role: string; attributes?: Attributes },
): CompileInput {
  const layers = [
    cookbookLayer(cookbooks),
    { name: 'cluster' as const, values: attributes, placeOf: () => 'spec.json:1:1' },
  ];
  return {
    cluster: {
      id: '01J00000000000000000000000',
      name: "people's cluster",
      distro: { name: 'mesos', version: '1.11.0' },
    },
    node,
    nodes,
    role,
    attributes: mergeAttributes(layers).attributes,
    facts: {},
    lockedPackages: {
      mesos: 'mesos-1.11.0-1.x86_64',
      marathon: 'marathon-1.10.26-1.noarch',
      chronos: 'chronos-2.5.1-1.x86_64',
    },
    members: [],
    packageSources: {},
    mirror: null,
    secretMac: (name) => `mac-${name}`,
  };
}

/** Contents of the files that a role's run lays on the node, by path. */
export function filesLaid(input: CompileInput, cookbooks: readonly Cookbook[]): Readonly<Record<string, string>> {
  const laid = resolveRun(input, cookbooks).resources.flatMap(({ call }) => {
    const content = call.arguments.find((argument) => typeof argument === 'object' && 'content' in argument);
    return call.path !== undefined && content !== undefined ? [[call.path, String(content.content)] as const] : [];
  });
  return Object.fromEntries(laid);
}
