import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The program of `provider-child.ts`, to be started with an order as its argument. */
export interface ProviderChild {
  readonly program: string;
  readonly remove: () => Promise<void>;
}

/** Bundles it below node_modules, so that the packages which stay outside of the bundle are found. */
export async function buildProviderChild(): Promise<ProviderChild> {
  const cache = join(import.meta.dirname, '../../node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'bde-provider-child-'));
  const program = join(folder, 'child.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'provider-child.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    loader: { '.sh': 'text' },
  });
  return { program, remove: () => rm(folder, { recursive: true }) };
}
