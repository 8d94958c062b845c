// Outlives a test process. Its standard input closes when that ends, however it does: where the home was not released by
// then, it ends what the home's commands left running, deletes its clusters and removes it.
//
// Standard input is one line of JSON, {main: the program, folder, home: BDE_HOME in it, data: folders of what the provider keeps}, so that no
// command line names the home; then `released`, or nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

const [order, ending] = (await text(process.stdin)).split('\n');
if (ending !== 'released') removeHome(JSON.parse(order));

function removeHome({ main, folder, home, data }) {
  const env = { PATH: process.env.PATH, HOME: folder, BDE_HOME: home, BDE_IDENTITY: join(folder, 'identity') };
  const bde = (...argv) => spawnSync(process.execPath, [main, ...argv], { cwd: '/', env, encoding: 'utf8' });
  for (const pid of commandsOf(home)) process.kill(pid, 'SIGKILL');
  if (existsSync(home)) {
    const listed = bde('cluster', 'list', '--json');
    const clusters = listed.status === 0 ? JSON.parse(listed.stdout).clusters : [];
    for (const { name } of clusters) bde('cluster', 'delete', name, '--yes');
    bde('doctor', '--fix', '--destroy-unknown', '--yes');
    bde('repo', 'stop');
  }
  const mounts = readFileSync('/proc/mounts', 'utf8');
  for (const unused of data.filter((place) => !mounts.includes(`${place}/`)))
    rmSync(unused, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

function commandsOf(home) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`BDE_HOME=${home}`))
    .map(Number);
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It has ended, or is not ours to look at.
    return [];
  }
}
