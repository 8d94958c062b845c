import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { promisify } from 'node:util';
import type { ConvergeMachine } from './converge-machine.js';

const exec = promisify(execFile);

/** Where a machine of a test keeps the repo's key. */
export const GPG_KEY = '/etc/pki/rpm-gpg/RPM-GPG-KEY-demo';

/** A small signed repo of packages that hold one file, served over plain HTTP: enough for dnf on a node. */
export class RpmRepo {
  readonly folder: string;
  readonly url: string;
  /** Armoured public key. */
  readonly publicKey: string;
  readonly #server: Server;

  private constructor(
    folder: string,
    parts: { readonly url: string; readonly publicKey: string; readonly server: Server },
  ) {
    this.folder = folder;
    this.url = parts.url;
    this.publicKey = parts.publicKey;
    this.#server = parts.server;
  }

  /** A repo with the packages alpha and beta, each 1.0, whose key a machine has. */
  static async startFor(machine: ConvergeMachine): Promise<RpmRepo> {
    const repo = await RpmRepo.start(machine.world.network.hostAddress);
    await machine.write(GPG_KEY, repo.publicKey);
    for (const name of ['alpha', 'beta']) await repo.add(name, '1.0');
    return repo;
  }

  /** Starts to serve an empty repo on this address. */
  static async start(address: string): Promise<RpmRepo> {
    const folder = await mkdtemp(join(tmpdir(), 'bde-rpms-'));
    await mkdir(join(folder, 'c/demo'), { recursive: true });
    await mkdir(join(folder, 'gnupg'), { mode: 0o700 });
    await gpg(folder, ['--quick-gen-key', 'demo@test', 'rsa2048', 'sign', 'never']);
    const publicKey = await gpg(folder, ['--armor', '--export', 'demo@test']);
    const server = createServer((request, response) => {
      const path = join(folder, 'c', normalize(new URL(request.url ?? '/', 'http://x').pathname));
      readFile(path).then(
        (content) => response.end(content),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((listening) => server.listen(0, address, listening));
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
    return new RpmRepo(folder, { url: `http://${address}:${bound.port}`, publicKey, server });
  }

  /** Builds a package that holds `/usr/share/NAME-version`, signed or not, and renews the metadata. */
  async add(name: string, version: string, options: { readonly signed: boolean } = { signed: true }): Promise<void> {
    const spec = join(this.folder, `${name}.spec`);
    await writeFile(spec, specOf(name, version));
    const macros = {
      _topdir: join(this.folder, 'build'),
      _rpmdir: join(this.folder, 'c/demo'),
      _build_id_links: 'none',
    };
    const defines = Object.entries(macros).flatMap(([macro, value]) => ['--define', `${macro} ${value}`]);
    await exec('rpmbuild', ['-bb', '--quiet', '--target', 'noarch', ...defines, spec]);
    const path = join(this.folder, 'c/demo/noarch', `${name}-${version}-1.noarch.rpm`);
    if (options.signed) {
      const signing = ['--define', '_gpg_name demo@test', '--define', '__gpg /usr/bin/gpg'];
      await exec('rpmsign', [...signing, '--addsign', path], { env: this.#env() });
    }
    await exec('createrepo_c', ['-q', '--no-database', join(this.folder, 'c/demo')]);
    await gpg(this.folder, [
      '-u',
      'demo@test',
      '--detach-sign',
      '--armor',
      join(this.folder, 'c/demo/repodata/repomd.xml'),
    ]);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
    await exec('gpgconf', ['--kill', 'all'], { env: this.#env() });
    await rm(this.folder, { recursive: true, force: true });
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, GNUPGHOME: join(this.folder, 'gnupg') };
  }
}

async function gpg(folder: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, GNUPGHOME: join(folder, 'gnupg') };
  const { stdout } = await exec('gpg', ['--batch', '--yes', '--passphrase', '', ...args], { env });
  return stdout;
}

function specOf(name: string, version: string): string {
  return [
    `Name: ${name}`,
    `Version: ${version}`,
    'Release: 1',
    'Summary: A package of a test',
    'License: none',
    'BuildArch: noarch',
    '%description',
    'A package of a test',
    '%install',
    `mkdir -p %{buildroot}/usr/share`,
    `echo ${version} >%{buildroot}/usr/share/${name}-version`,
    '%files',
    `/usr/share/${name}-version`,
    '',
  ].join('\n');
}
