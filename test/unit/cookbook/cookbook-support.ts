import { createHmac } from 'node:crypto';
import { BdeError } from '../../../src/errors/bde-error.js';
import type { Cookbook } from '../../../src/cookbook/cookbook.js';
import { parseCookbook } from '../../../src/cookbook/parse-cookbook.js';
import type { CompileInput, CookbookSource, NodeView } from '../../../src/cookbook/types.js';

/** Files of a cookbook by path; texts or bytes. */
export type CookbookFiles = Readonly<Record<string, string | Buffer>>;

/** A cookbook's source; `metadata.yaml` is made where it is not given. */
export function cookbookSource(name: string, files: CookbookFiles): CookbookSource {
  const metadata = `formatVersion: 1\nname: ${name}\nversion: "1.0.0"\nsummary: A cookbook of a test\n`;
  const all = Object.entries({ 'metadata.yaml': metadata, ...files });
  return {
    name,
    path: `cookbooks/${name}`,
    files: Object.fromEntries(all.map(([path, content]) => [path, Buffer.from(content)])),
  };
}

/** A parsed cookbook. */
export function makeCookbook(name: string, files: CookbookFiles): Cookbook {
  return parseCookbook(cookbookSource(name, files));
}

/** The cookbook `demo` with one role `demo` that runs this recipe. */
export function recipeCookbook(resources: string, files: CookbookFiles = {}): Cookbook {
  return makeCookbook('demo', {
    'roles/demo.yaml': 'summary: Demo\nrunList: ["demo::main"]\n',
    'recipes/main.yaml': `resources:\n${resources}`,
    ...files,
  });
}

/** A node of a test cluster. */
export function nodeView(index: number, overrides: Partial<NodeView> = {}): NodeView {
  return {
    name: `c-zk-${index}`,
    group: 'zk',
    index,
    ordinal: index + 1,
    address: `10.0.0.${index + 10}`,
    roles: ['demo'],
    cpuCount: 2,
    memoryMiB: 4096,
    dataDisks: [],
    ...overrides,
  };
}

/** What compiling for the first of three nodes sees. */
export function compileInput(overrides: Partial<CompileInput> = {}): CompileInput {
  const nodes = [nodeView(0), nodeView(1), nodeView(2)];
  return {
    cluster: { id: '01CLUSTER', name: 'c', distro: { name: 'demo', version: '1.0' } },
    node: overrides.nodes?.[0] ?? nodeView(0),
    nodes,
    role: 'demo',
    attributes: {},
    facts: {},
    lockedPackages: {},
    members: [],
    packageSources: {},
    mirror: null,
    secretMac: (name) => createHmac('sha256', 'a key of the test').update(name).digest('hex'),
    ...overrides,
  };
}

/** The error that a call throws. */
export function errorOf(run: () => unknown): BdeError {
  try {
    run();
  } catch (error) {
    if (error instanceof BdeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
