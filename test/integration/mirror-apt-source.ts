import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Debian package to make: its files by path, links as `{to}`. */
export interface DebianFiles {
  readonly [path: string]: string | { readonly to: string };
}

/** An apt source in a folder, with packages made on the spot; apt uses it while `APT_CONFIG` names `config`. */
export class AptSource {
  /** Path of apt's configuration that knows this source and no other. */
  readonly config: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.config = join(folder, 'apt.conf');
  }

  static async make(parent: string): Promise<AptSource> {
    const source = new AptSource(await mkdtemp(join(parent, 'apt-')));
    const folder = source.#folder;
    await mkdir(join(folder, 'pool'));
    await writeFile(join(folder, 'sources.list'), `deb [trusted=yes] copy:${folder}/pool ./\n`);
    await writeFile(
      source.config,
      `Dir::Etc::sourcelist "${folder}/sources.list";\nDir::Etc::sourceparts "-";\nAPT::Get::AllowUnauthenticated "true";\n`,
    );
    await source.#index();
    return source;
  }

  /** Puts a package there. */
  async add(name: string, version: string, files: DebianFiles): Promise<void> {
    const tree = await mkdtemp(join(this.#folder, 'tree-'));
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      if (typeof content === 'string') await writeFile(join(tree, path), content);
      else await symlink(content.to, join(tree, path));
    }
    await mkdir(join(tree, 'DEBIAN'));
    await writeFile(join(tree, 'DEBIAN', 'control'), control(name, version));
    // As in a real pool: without the epoch, which apt puts back.
    const file = `${name}_${version.replace(/^\d+:/, '')}_all.deb`;
    await run('dpkg-deb', ['--root-owner-group', '--build', tree, join(this.#folder, 'pool', file)]);
    await rm(tree, { recursive: true });
    await this.#index();
  }

  /** Takes every package away, as a source does with a version that was superseded. */
  async clear(): Promise<void> {
    for (const file of await this.#debs()) await rm(join(this.#folder, 'pool', file));
    await this.#index();
  }

  /** Changes a package after it was listed. */
  async tamper(): Promise<void> {
    for (const file of await this.#debs()) {
      const path = join(this.#folder, 'pool', file);
      const bytes = await readFile(path);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 0xff, bytes.length - 9);
      await writeFile(path, bytes);
    }
  }

  async #index(): Promise<void> {
    const stanzas = await Promise.all((await this.#debs()).map((file) => this.#stanza(file)));
    await writeFile(join(this.#folder, 'pool', 'Packages'), stanzas.join('\n'));
  }

  async #stanza(file: string): Promise<string> {
    const path = join(this.#folder, 'pool', file);
    const bytes = await readFile(path);
    const { stdout: control } = await run('dpkg-deb', ['--field', path]);
    const sum = createHash('sha256').update(bytes).digest('hex');
    return `${control}Filename: ./${file}\nSize: ${bytes.length}\nSHA256: ${sum}\n`;
  }

  async #debs(): Promise<readonly string[]> {
    return (await readdir(join(this.#folder, 'pool'))).filter((file) => file.endsWith('.deb')).sort();
  }
}

function control(name: string, version: string): string {
  const lines = [`Package: ${name}`, `Version: ${version}`, 'Architecture: all', 'Maintainer: t <t@bde.invalid>'];
  return [...lines, 'Description: for tests', ''].join('\n');
}
