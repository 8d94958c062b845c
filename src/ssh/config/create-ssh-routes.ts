import { join } from 'node:path';
import { BdeError } from '../../errors/bde-error.js';
import type { SshEndpoint } from '../../engine/ports/nodes.js';
import type { HostLogIn, SshRoutes } from '../../engine/ports/ssh-routes.js';
import { expandTokens } from './expand-tokens.js';
import { hostSettings, type HostSettings } from './host-settings.js';
import { parseJumps } from './parse-jumps.js';
import { readIdentities } from './read-identities.js';
import { readKnownHostKeys } from './read-known-host-keys.js';
import { readSshConfig } from './read-ssh-config.js';
import type { ConfigFile } from './ssh-config-lines.js';

/** Whose ssh it is. */
export interface SshUser {
  readonly home: string;
  readonly userName: string;
  /** `SSH_AUTH_SOCK`; undefined where no agent runs. */
  readonly agentSocket: string | undefined;
  /** Folder of the host's own configuration; `/etc/ssh` but in tests. */
  readonly systemFolder: string;
}

/** Files that ssh tries where none is named. */
const USUAL_IDENTITIES = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
const LONGEST_WAY = 8;

/** Routes by `~/.ssh/config`, `/etc/ssh/ssh_config` and known_hosts, read anew for each host. */
export function createSshRoutes(user: SshUser): SshRoutes {
  return {
    async routeTo(login) {
      const finder = new RouteFinder(user, await readConfigs(user), login.knownHostsFile);
      const { jumps, ...end } = await finder.way(login, []);
      return jumps.length === 0 ? end : { ...end, jumps };
    },
  };
}

async function readConfigs({ home, systemFolder }: SshUser): Promise<readonly ConfigFile[]> {
  const own = join(home, '.ssh');
  return [
    await readSshConfig(join(own, 'config'), { folder: own, home }),
    await readSshConfig(join(systemFolder, 'ssh_config'), { folder: systemFolder, home }),
  ];
}

type Way = SshEndpoint & { readonly jumps: readonly SshEndpoint[] };

class RouteFinder {
  readonly #user: SshUser;
  readonly #configs: readonly ConfigFile[];
  readonly #knownHostsFile: string | undefined;

  constructor(user: SshUser, configs: readonly ConfigFile[], knownHostsFile: string | undefined) {
    this.#user = user;
    this.#configs = configs;
    this.#knownHostsFile = knownHostsFile;
  }

  /** The way to one host. The first jump host of a list may have jump hosts of its own; the others are reached by the list. */
  async way(login: HostLogIn, behind: readonly string[]): Promise<Way> {
    if (behind.length > LONGEST_WAY) throw tooLong(behind);
    const settings = this.#settingsOf(login);
    const names = login.jumps ?? (settings.proxyJump === undefined ? [] : settings.proxyJump.split(','));
    const jumps: SshEndpoint[] = [];
    for (const [index, jump] of parseJumps(names, login.host).entries()) {
      const { jumps: before, ...endpoint } = await this.way(index === 0 ? jump : { ...jump, jumps: [] }, [
        ...behind,
        login.host,
      ]);
      jumps.push(...before, endpoint);
    }
    return { ...(await this.#endpoint(login, settings)), jumps };
  }

  #settingsOf({ host, user }: HostLogIn): HostSettings {
    return hostSettings(this.#configs, { host, user, localUser: this.#user.userName });
  }

  async #endpoint(login: HostLogIn, settings: HostSettings): Promise<SshEndpoint> {
    const user = login.user ?? settings.user ?? this.#user.userName;
    const port = login.port ?? Number(settings.port ?? 22);
    const known = { home: this.#user.home, localUser: this.#user.userName, original: login.host, port, user };
    const address = expandTokens(settings.hostName ?? '%h', { ...known, host: login.host });
    const expand = (text: string): string => expandTokens(text, { ...known, host: address });
    const hostKeys = await readKnownHostKeys(
      { host: settings.hostKeyAlias ?? address, port: settings.hostKeyAlias === undefined ? port : 22 },
      this.#knownHostsFiles(settings).map(expand),
    );
    return { address, port, user, ...hostKeys, ...(await this.#identities(login, settings, expand)) };
  }

  #knownHostsFiles({ userKnownHostsFiles, globalKnownHostsFiles }: HostSettings): readonly string[] {
    const { systemFolder } = this.#user;
    const usual = ['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => join(systemFolder, name));
    return [
      ...(this.#knownHostsFile === undefined ? [] : [this.#knownHostsFile]),
      ...(userKnownHostsFiles ?? ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
      ...(globalKnownHostsFiles ?? usual),
    ].filter((path) => path !== 'none');
  }

  #identities(login: HostLogIn, settings: HostSettings, expand: (text: string) => string) {
    const { agentSocket } = this.#user;
    const configured = settings.identityAgent;
    const usesOwnAgent = configured === undefined || configured === 'SSH_AUTH_SOCK';
    const files = settings.identityFiles.filter((path) => path !== 'none');
    const usual = settings.identityFiles.length > 0 ? files : USUAL_IDENTITIES.map((name) => `~/.ssh/${name}`);
    return readIdentities({
      named: login.identityFile === undefined ? [] : [expand(login.identityFile)],
      usual: usual.map(expand),
      agentSocket: usesOwnAgent ? agentSocket : configured === 'none' ? undefined : expand(configured),
      identitiesOnly: settings.identitiesOnly === 'yes',
    });
  }
}

function tooLong(behind: readonly string[]): BdeError {
  const way = behind.slice(0, 4).join(', behind ');
  return new BdeError('SSH_CONFIG_INVALID', `The way to ${way} … goes through more than ${LONGEST_WAY} jump hosts.`, {
    hint: 'See whether a ProxyJump leads back to a host before it.',
  });
}
