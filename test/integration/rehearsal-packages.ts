import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SERVER_PACKAGES = [
  'libzookeeper-java',
  'libslf4j-java',
  'libnetty-java',
  'libdropwizard-metrics-java',
  'libsnappy-java',
  'libcommons-cli-java',
  'libcommons-io-java',
  'libjackson2-annotations-java',
  'libjackson2-core-java',
  'libjackson2-databind-java',
];

const CLIENT_PACKAGES = ['python3-kazoo', 'python3-six'];

/** Paths of what the rehearsal's tests need from Debian, unpacked, not installed. */
export interface DebianFiles {
  /** Folder with `zookeeper.jar` and what it needs. */
  readonly jars: string;
  /** Folder to put on Python's path: the ZooKeeper client library. */
  readonly python: string;
}

/** Downloads and unpacks the packages once per host; later calls find them. */
export async function debianFiles(): Promise<DebianFiles> {
  const root = join(cacheFolder(), 'rehearsal-root');
  if (!existsSync(root)) await unpackAll(root);
  return { jars: join(root, 'usr/share/java'), python: join(root, 'usr/lib/python3/dist-packages') };
}

function cacheFolder(): string {
  return process.getuid?.() === 0 ? '/var/cache/bde-test' : join(homedir(), '.cache/bde-test');
}

/** Unpacks beside the final place and renames, so that a folder that is there is whole. */
async function unpackAll(root: string): Promise<void> {
  const work = `${root}.${String(process.pid)}`;
  await mkdir(work, { recursive: true });
  try {
    await download(work);
    for (const name of await readdir(work)) {
      if (name.endsWith('.deb')) await run('dpkg-deb', ['-x', join(work, name), join(work, 'root')]);
    }
    await rename(join(work, 'root'), root);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** With newer package lists where those of the host are too old, or not there. */
async function download(folder: string): Promise<void> {
  const argv = ['download', '-q', ...SERVER_PACKAGES, ...CLIENT_PACKAGES];
  try {
    await run('apt-get', argv, { cwd: folder });
  } catch {
    await run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=600', 'update']);
    await run('apt-get', argv, { cwd: folder });
  }
}
