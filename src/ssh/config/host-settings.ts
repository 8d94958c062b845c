import { BdeError } from '../../errors/bde-error.js';
import { matchesPatterns } from './match-pattern.js';
import type { ConfigFile, ConfigLine, Criterion } from './ssh-config-lines.js';

/** What an ssh configuration says of one host, as written: the first value counts, but identity files add up. */
export interface HostSettings {
  readonly hostName?: string;
  readonly hostKeyAlias?: string;
  readonly port?: string;
  readonly user?: string;
  readonly proxyJump?: string;
  readonly identitiesOnly?: string;
  readonly identityAgent?: string;
  readonly identityFiles: readonly string[];
  readonly userKnownHostsFiles?: readonly string[];
  readonly globalKnownHostsFiles?: readonly string[];
}

/** Whom a configuration is asked about. */
export interface AskedHost {
  readonly host: string;
  /** Where it is known already. */
  readonly user: string | undefined;
  readonly localUser: string;
}

const LISTS = ['identityfile', 'userknownhostsfile', 'globalknownhostsfile'];
const READ = ['hostname', 'hostkeyalias', 'port', 'user', 'proxyjump', 'identitiesonly', 'identityagent', ...LISTS];

/**
 * The settings of a host from files in their order.
 *
 * @throws BdeError `SSH_CONFIG_INVALID` for a `ProxyCommand`, and for a condition that cannot be judged here
 */
export function hostSettings(files: readonly ConfigFile[], asked: AskedHost): HostSettings {
  const reader = new SettingsReader(asked);
  for (const file of files) reader.read(file.lines, file.path);
  return reader.settings();
}

class SettingsReader {
  readonly #asked: AskedHost;
  readonly #found = new Map<string, readonly string[]>();

  constructor(asked: AskedHost) {
    this.#asked = asked;
  }

  read(lines: readonly ConfigLine[], path: string): void {
    for (const line of lines) {
      switch (line.type) {
        case 'setting':
          this.#take(line.name, line.values, path);
          break;
        case 'host':
          if (matchesPatterns(line.patterns, this.#asked.host)) this.read(line.lines, path);
          break;
        case 'match':
          if (this.#holds(line, path)) this.read(line.lines, path);
          break;
        case 'included':
          this.read(line.file.lines, line.file.path);
          break;
        case 'include':
          break;
      }
    }
  }

  settings(): HostSettings {
    const first = (name: string): string | undefined => this.#found.get(name)?.[0];
    const entries = {
      hostName: first('hostname'),
      hostKeyAlias: first('hostkeyalias'),
      port: first('port'),
      user: first('user'),
      proxyJump: first('proxyjump'),
      identitiesOnly: first('identitiesonly'),
      identityAgent: first('identityagent'),
      userKnownHostsFiles: this.#found.get('userknownhostsfile'),
      globalKnownHostsFiles: this.#found.get('globalknownhostsfile'),
    };
    const present = Object.entries(entries).filter(([, value]) => value !== undefined);
    return { ...Object.fromEntries(present), identityFiles: this.#found.get('identityfile') ?? [] };
  }

  #take(name: string, values: readonly string[], path: string): void {
    const found = this.#found.get(name);
    if (name === 'identityfile') this.#found.set(name, [...(found ?? []), ...values]);
    else if (found === undefined) this.#found.set(name, values);
    // Of the two, whichever comes first counts.
    if (name === 'proxycommand' && values[0] !== 'none' && this.#found.get('proxyjump') === undefined) {
      throw invalid(
        path,
        `gives a ProxyCommand for ${this.#asked.host}`,
        'Say it as a ProxyJump: bde checks each host.',
      );
    }
  }

  #holds(line: Extract<ConfigLine, { type: 'match' }>, path: string): boolean {
    const verdicts = line.criteria.map((criterion) => this.#judge(criterion));
    if (verdicts.includes(false)) return false;
    const open = line.criteria.filter((_, index) => verdicts[index] === undefined).map(({ name }) => name);
    if (open.length === 0) return true;
    if (!setsAnything(line.lines)) return false;
    throw invalid(
      path,
      `has settings for ${this.#asked.host} under "Match ${open.join(' ')}", which bde does not judge`,
      'Put them under a Host line, or under Match with all, host, originalhost, user or localuser.',
    );
  }

  /** Undefined where it cannot be told. */
  #judge({ name, negated, patterns }: Criterion): boolean | undefined {
    const subject = this.#subjectOf(name);
    if (name === 'all') return true;
    // Names are never made canonical here.
    if (name === 'canonical') return negated;
    return subject === undefined ? undefined : matchesPatterns(patterns, subject) !== negated;
  }

  #subjectOf(criterion: string): string | undefined {
    const { host, user, localUser } = this.#asked;
    switch (criterion) {
      case 'host':
        return this.#found.get('hostname')?.[0] ?? host;
      case 'originalhost':
        return host;
      case 'user':
        return user ?? this.#found.get('user')?.[0] ?? localUser;
      case 'localuser':
        return localUser;
      default:
        return undefined;
    }
  }
}

function setsAnything(lines: readonly ConfigLine[]): boolean {
  return lines.some((line) => line.type !== 'setting' || READ.includes(line.name) || line.name === 'proxycommand');
}

function invalid(file: string, what: string, hint: string): BdeError {
  return new BdeError('SSH_CONFIG_INVALID', `${file} ${what}.`, { hint, subject: { file } });
}
