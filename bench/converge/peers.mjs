import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrFail } from '../run-process.mjs';

/** What is measured against: the newest that Python 3.11 can install, and that fit each other, as of November 2026. */
export const PEER_VERSIONS = {
  ansible: { 'ansible-core': '2.19.14' },
  mitogen: { 'ansible-core': '2.19.14', mitogen: '0.3.54' },
  pyinfra: { pyinfra: '3.10.0' },
};

const CACHE = join(process.env.XDG_CACHE_HOME ?? '/var/cache', 'bde', 'bench-peers');

/** Folder of a virtual environment with that peer, under the name of its versions; made where it is missing. */
export async function installPeer(name, python = 'python3') {
  const packages = Object.entries(PEER_VERSIONS[name]).map(([each, version]) => `${each}==${version}`);
  const folder = join(CACHE, packages.join('+'));
  if (existsSync(join(folder, 'complete'))) return folder;
  // A virtual environment cannot be moved, so what a killed installation left is made anew.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  await runOrFail([python, '-m', 'venv', folder]);
  await runOrFail([join(folder, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  writeFileSync(join(folder, 'complete'), '');
  return folder;
}
