import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, runOrFail } from '../run-process.mjs';
import { DISTRO_ENTRY, MAP_ENTRY, toCookbook } from './to-cookbook.mjs';
import { toRepo } from './to-repo.mjs';

/** What a project root holds beside its dependencies; without `src` it counts as an installed one. */
const PARTS = ['bin', 'scripts', 'dist', 'package.json', 'specs', 'distros', 'cookbooks', 'repos', 'rehearsal'];

/**
 * A project root of the benchmark's own: the program as this checkout builds it, the shipped data, and the workload as a
 * cookbook, a distro, a spec and a package repo. Gives the path of its `bde`.
 */
export async function makeProject(folder, resources) {
  // Builds dist/ where the sources have changed.
  await runOrFail([join(ROOT, 'bin', 'bde'), 'spec', 'list']);
  mkdirSync(folder, { recursive: true });
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeTree(folder, { ...toCookbook(resources), ...toRepo(resources) });
  append(join(folder, 'distros', 'manifest.json'), DISTRO_ENTRY);
  append(join(folder, 'specs', 'map.json'), MAP_ENTRY);
  return join(folder, 'bin', 'bde');
}

/** Writes files by path below a folder. */
export function writeTree(folder, files) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function append(file, entry) {
  writeFileSync(file, JSON.stringify([...JSON.parse(readFileSync(file, 'utf8')), entry], null, 2));
}
