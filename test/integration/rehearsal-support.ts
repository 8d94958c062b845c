import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { debianFiles, type DebianFiles } from './rehearsal-packages.js';

const PROGRAM = new URL('../../rehearsal/rehearse.py', import.meta.url).pathname;
const COOKBOOKS = new URL('../../cookbooks/', import.meta.url).pathname;

/** What a daemon answered. */
export interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly body: unknown;
}

/** One rehearsed daemon, or one ZooKeeper server, that runs on loopback. */
export class Child {
  readonly process: ChildProcess;
  private log = '';

  constructor(process: ChildProcess) {
    this.process = process;
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.log += chunk;
      });
    }
  }

  /** Everything it wrote so far. */
  get output(): string {
    return this.log;
  }

  /** Its last line: the reason, when it has ended. */
  get lastLine(): string {
    return this.log.trimEnd().split('\n').at(-1) ?? '';
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (!this.running) return;
    const exited = once(this.process, 'exit');
    this.process.kill(signal);
    await exited;
  }

  /** Its exit code, once it has ended by itself. */
  async exitCode(): Promise<number | null> {
    if (this.running) await once(this.process, 'exit');
    return this.process.exitCode;
  }
}

/** Loopback machines: starts daemons and servers, and ends all of them. */
export class Loopback {
  private readonly children: Child[] = [];
  private readonly debian: DebianFiles;
  readonly folder: string;

  private constructor(debian: DebianFiles, folder: string) {
    this.debian = debian;
    this.folder = folder;
  }

  static async open(): Promise<Loopback> {
    const debian = await debianFiles();
    return new Loopback(debian, await mkdtemp(join(tmpdir(), 'bde-rehearsal-')));
  }

  async close(): Promise<void> {
    await Promise.all(this.children.map((child) => child.kill('SIGKILL')));
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A rehearsed daemon: `cookbook/program`, with its arguments. */
  daemon(profile: string, args: readonly string[], launcher: readonly string[] = []): Child {
    const [cookbook, program] = profile.split('/');
    const path = `${COOKBOOKS}${String(cookbook)}/rehearsal/${String(program)}.json`;
    const child = spawn('/usr/bin/python3', ['-s', PROGRAM, path, ...launcher, '--', ...args], {
      env: { PATH: '/usr/bin:/bin', PYTHONPATH: this.debian.python, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return this.keep(child);
  }

  /** An ensemble of real ZooKeeper servers; gives `host:port,…` and the servers. */
  async ensemble(size: number): Promise<{ readonly servers: string; readonly members: readonly Child[] }> {
    const ports = await freePorts(size * 3);
    const peers = Array.from({ length: size }, (_, at) => ports.slice(at * 3, at * 3 + 3));
    const lines = peers.map(
      ([, quorum, election], at) => `server.${String(at + 1)}=127.0.0.1:${String(quorum)}:${String(election)}`,
    );
    const members: Child[] = [];
    for (const [at, [client]] of peers.entries())
      members.push(await this.server(at + 1, Number(client), size > 1 ? lines : []));
    return { servers: peers.map(([client]) => `127.0.0.1:${String(client)}`).join(','), members };
  }

  private async server(id: number, port: number, peers: readonly string[]): Promise<Child> {
    const data = join(this.folder, `zookeeper-${String(id)}-${String(port)}`);
    await mkdir(data);
    await writeFile(join(data, 'myid'), `${String(id)}\n`);
    const settings = ['tickTime=1000', 'initLimit=10', 'syncLimit=5', `dataDir=${data}`, `clientPort=${String(port)}`];
    const config = join(data, 'zoo.cfg');
    await writeFile(config, [...settings, 'clientPortAddress=127.0.0.1', 'maxClientCnxns=0', ...peers, ''].join('\n'));
    const options = ['-Xmx64m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dzookeeper.admin.enableServer=false'];
    const path = `${this.debian.jars}/*`;
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
    return this.keep(spawn('java', [...options, '-cp', path, main, config], { stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  private keep(process: ChildProcess): Child {
    const child = new Child(process);
    this.children.push(child);
    return child;
  }
}

/** Ports that nobody listens on at this moment. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** GET, without following redirects; status 0 where nobody listens. */
export async function get(address: string): Promise<Answer> {
  try {
    const response = await fetch(`http://${address}`, { redirect: 'manual', signal: AbortSignal.timeout(3000) });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return {
      status: response.status,
      location: response.headers.get('location'),
      body: isJson ? JSON.parse(text) : text,
    };
  } catch {
    return { status: 0, location: null, body: null };
  }
}

/** The first truthy answer of `look`, asked again and again for `seconds`; the label names what never came. */
export async function eventually<T>(label: string, seconds: number, look: () => Promise<T>): Promise<NonNullable<T>> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`${label} did not happen within ${String(seconds)} s`);
    await pause(200);
  }
}
