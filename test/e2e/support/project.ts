import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCli } from '../../../scripts/bundle-cli.mjs';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** What a project root holds beside the program: data that a command reads from the working tree. */
const DATA = ['specs', 'distros', 'cookbooks', 'repos', 'rehearsal'];

/** A project root of a test's own, to edit as it likes: the program as it is built from the source now, and the shipped data. */
export interface Project {
  readonly root: string;
  /** The program that `bin/bde` would start. */
  readonly main: string;
  remove(): Promise<void>;
}

/** Builds the program into a folder of its own, and copies the data there. */
export async function buildProject(): Promise<Project> {
  const root = await mkdtemp(join(tmpdir(), 'bde-e2e-'));
  for (const name of DATA) await cp(join(ROOT, name), join(root, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  await mkdir(join(root, 'dist'));
  await bundleCli(join(root, 'dist'));
  return {
    root,
    main: join(root, 'dist', 'main.js'),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
