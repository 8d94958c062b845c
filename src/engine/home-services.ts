import type { Guard } from './ports/guard.js';
import type { Mirror } from './ports/mirror.js';
import type { ProviderWithAbilities } from './ports/provider.js';

/** What all clusters of a home share. */
interface SharedServices {
  readonly provider: ProviderWithAbilities;
  readonly mirror: Mirror;
}

/** Looks after what all clusters of a home share while an operation runs; many steps ask at once, one look serves them all. */
export class HomeServices {
  readonly #deps: SharedServices;
  readonly #guard: Guard;
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(deps: SharedServices, guard: Guard) {
    this.#deps = deps;
    this.#guard = guard;
  }

  /** Makes or finds the provider's own network; done where it has none. */
  async ensureNetwork(): Promise<void> {
    await this.#share('network', async () => this.#deps.provider.network?.ensureNetwork(this.#guard));
  }

  /** @throws BdeError `REPO_FAILED` where the mirror's helper cannot be had */
  async ensureServing(hostAddress: string): Promise<void> {
    await this.#share(`mirror ${hostAddress}`, () => this.#deps.mirror.ensureServing(hostAddress, this.#guard));
  }

  async #share(what: string, look: () => Promise<unknown>): Promise<void> {
    const known = this.#underWay.get(what);
    const looking = known ?? look().finally(() => this.#underWay.delete(what));
    this.#underWay.set(what, looking);
    await looking;
  }
}
