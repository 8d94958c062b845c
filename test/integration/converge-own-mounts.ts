import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { compileRun } from '../../src/cookbook/compile-run.js';
import type { CompileInput } from '../../src/cookbook/types.js';
import { compileInput, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, type BodyResult } from './converge-support.js';

/** What of /etc the programs look into that bodies call. */
const NEEDED = [
  ...['alternatives', 'default', 'group', 'gshadow', 'ld.so.cache', 'login.defs', 'mke2fs.conf', 'nsswitch.conf'],
  ...['pam.d', 'passwd', 'security', 'shadow'],
];

/** Ends when its stdin does: so nothing stays mounted where the test itself dies. */
const HOLDER = 'mount --bind "$1" /etc && mount --bind "$2" /sys/module && echo ready && exec cat';

/** Loads into the test's own /sys/module; knows every module but `unknown`. */
export const MODPROBE = `
modprobe() {
  case "$*" in
    '-n -q -- unknown') return 1 ;;
    '-n '*) ;;
    '-- unknown') echo 'modprobe: FATAL: Module unknown not found' >&2; return 1 ;;
    '-- '*) mkdir "/sys/module/$2" && echo live >"/sys/module/$2/initstate" && echo 0 >"/sys/module/$2/refcnt" ;;
    '-r -- '*) rm -r "/sys/module/$3" ;;
  esac
}`;

/** Namespaces that a test may have to itself besides. */
type Namespace = 'uts' | 'net';

/**
 * A mount namespace with an /etc and a /sys/module of its own, in which bodies run one after another: what they mount and
 * write there is seen there alone. Needs root.
 */
export class OwnMounts {
  readonly runner = new BodyRunner();
  readonly etc = join(this.runner.folder, 'etc');
  readonly modules = join(this.runner.folder, 'modules');
  readonly #shell: readonly string[];
  readonly #holder: ChildProcessByStdio<Writable, Readable, null>;
  readonly #namespaces: readonly string[];

  private constructor(shell: readonly string[], namespaces: readonly Namespace[]) {
    this.#namespaces = ['--mount', ...namespaces.map((name) => `--${name}`)];
    mkdirSync(this.etc);
    for (const name of NEEDED.filter((each) => existsSync(`/etc/${each}`))) {
      cpSync(`/etc/${name}`, join(this.etc, name), { recursive: true, verbatimSymlinks: true });
    }
    for (const folder of [join(this.etc, 'modprobe.d'), join(this.etc, 'modules-load.d'), this.modules]) {
      mkdirSync(folder, { recursive: true });
    }
    writeFileSync(join(this.etc, 'fstab'), '# a table of the test\n');
    const args = [...this.#namespaces, '--propagation', 'private', 'sh', '-c', HOLDER, 'sh', this.etc, this.modules];
    this.#holder = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#shell = shell;
  }

  static async make(shell: readonly string[] = ['dash'], namespaces: readonly Namespace[] = []): Promise<OwnMounts> {
    const own = new OwnMounts(shell, namespaces);
    await once(own.#holder.stdout, 'data');
    return own;
  }

  /** The script of a recipe in which `@/` is the test's folder. */
  compile(resources: readonly object[], input: Partial<CompileInput> = {}): string {
    const yaml = resources.map(
      (resource) => `  - ${JSON.stringify(resource).replaceAll('@/', `${this.runner.folder}/`)}\n`,
    );
    return compileRun(compileInput(input), [recipeCookbook(yaml.join(''))]).script;
  }

  /** Runs a body in here; systemd, if the host has it, is not asked. */
  run(script: string, mode: 'apply' | 'check' = 'apply', before = ''): BodyResult {
    const shell = [...this.#enter(), ...this.#shell];
    return this.runner.run(script, { shell, mode, before: `systemctl() { :; }\n${before}` });
  }

  /** What a check foretells, what the run after it does, and what a second run does: outcome and detail. */
  converge(resource: object, before = ''): readonly (readonly [string, string | undefined])[] {
    const script = this.compile([resource]);
    return (['check', 'apply', 'apply'] as const).map((mode) => {
      const { lines, stderr } = this.run(script, mode, before);
      const [line] = lines;
      if (line === undefined || stderr !== '') throw new Error(`no result, but: ${stderr}`);
      return [line.outcome, line.detail] as const;
    });
  }

  /** Only the outcomes of `converge`. */
  outcomes(resource: object, before = ''): readonly string[] {
    return this.converge(resource, before).map(([outcome]) => outcome);
  }

  /** A command in the test's folder; its stdout. @throws Error where it fails */
  sh(command: string): string {
    const args = [...this.#enter().slice(1), 'sh', '-c', `cd ${this.runner.folder}\n${command}`];
    const { status, stdout, stderr } = spawnSync('nsenter', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
    return stdout;
  }

  fstab(): string {
    return readFileSync(join(this.etc, 'fstab'), 'utf8');
  }

  path(name: string): string {
    return join(this.runner.folder, name);
  }

  async remove(): Promise<void> {
    this.#holder.stdin.end();
    await once(this.#holder, 'close');
    rmSync(this.runner.folder, { recursive: true, force: true });
  }

  #enter(): readonly string[] {
    return ['nsenter', ...this.#namespaces, `--target=${String(this.#holder.pid)}`];
  }
}
