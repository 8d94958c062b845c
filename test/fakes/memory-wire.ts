// Takes the place of src/cli/wire.ts in the bundle that tests run: a world of files instead of machines. Store and
// identity are the real ones.
import type { Certifier } from '../../src/engine/ports/certifier.js';
import type { Mirror } from '../../src/engine/ports/mirror.js';
import type { NodeLink, Nodes } from '../../src/engine/ports/nodes.js';
import type { ProviderWithAbilities } from '../../src/engine/ports/provider.js';
import type { MirrorFolders } from '../../src/cli/wire.js';
import { passHoldPoint } from './hold-points.js';
import { createMemoryMirror } from './memory-mirror.js';
import { createMemoryNodes } from './memory-nodes.js';
import { createMemoryProvider, readMemoryWorld } from './memory-provider.js';
import { plainCertifier } from './plain-certifier.js';

// What is not named below stays the real one; a local export goes over one of the star.
export * from '../../src/cli/wire.js';

/** Folder of the world, named by the test. */
function world(): string {
  const dir = process.env['BDE_TEST_WORLD'];
  if (dir === undefined) throw new Error('BDE_TEST_WORLD names no folder');
  return dir;
}

export function openProvider(): Promise<ProviderWithAbilities> {
  const dir = world();
  const whole = createMemoryProvider({ dir });
  const { provider } = whole;
  const held: ProviderWithAbilities['provider'] = {
    ...provider,
    async ensureTemplate(recipe, guard, onProgress) {
      await passHoldPoint(dir, 'template');
      return provider.ensureTemplate(recipe, guard, onProgress);
    },
    async create(request, guard) {
      await passHoldPoint(dir, `create ${request.mark.nodeName}`);
      return provider.create(request, guard);
    },
    async destroy(machineId, guard) {
      await passHoldPoint(dir, `destroy ${readMemoryWorld(dir).machines[machineId]?.mark.nodeName ?? ''}`);
      return provider.destroy(machineId, guard);
    },
  };
  return Promise.resolve({ ...whole, provider: held });
}

export function openNodes(): Promise<Nodes> {
  const dir = world();
  const nodes = createMemoryNodes({ dir });
  return Promise.resolve({
    ...nodes,
    async connect(target, options) {
      const link = await nodes.connect(target, options);
      return holdRuns(dir, target.name, link);
    },
  });
}

function holdRuns(dir: string, node: string, link: NodeLink): NodeLink {
  return {
    ...link,
    async run(request, onLine, signal) {
      await passHoldPoint(dir, `run ${node} ${request.key}`);
      return link.run(request, onLine, signal);
    },
    async command(argv, options) {
      await passHoldPoint(dir, `command ${node}`);
      return link.command(argv, options);
    },
  };
}

export function openCertifier(): Certifier {
  return plainCertifier();
}

export function openMirror({ repos }: MirrorFolders): Promise<Mirror> {
  return Promise.resolve(createMemoryMirror({ dir: world(), ...(repos && { folders: repos }) }));
}

export function openSshCommandOf(): Promise<readonly string[]> {
  return Promise.resolve(['true']);
}
