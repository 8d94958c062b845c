import { BdeError } from '../../../../src/errors/bde-error.js';
import { prepareChange } from '../../../../src/engine/operations/prepare-change.js';
import { NO_CHANGE, type ChangeRequest } from '../../../../src/engine/operations/change-request.js';
import { cancelOperation } from '../../../../src/engine/operations/hand-over.js';
import { readPinnedContent } from '../../../../src/engine/pins.js';
import type { ClusterRecord, NodeRecord } from '../../../../src/engine/ports/store.js';
import { failNext } from '../../../fakes/memory-provider.js';
import { createMemoryBackups } from '../../../fakes/memory-backups.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';
import { ask, CLUSTER } from './ask.js';
import {
  LEASE_MS,
  modelClock,
  startController,
  type Controller,
  type OnPoint,
  type Surroundings,
} from './controller.js';
import { FleetWorld } from './fleet-world.js';
import type { Fleet } from './fleet.js';
import { Killed } from './life.js';
import { proposeLost, whatIsKnown } from './lost-home.js';
import { checkAfterDelete, checkAfterSuccess, checkAlways, checkImported } from './invariants.js';
import type { Incident, Move, Verb } from './moves.js';

/** How a verb ended. */
type Ending =
  | { readonly type: 'ended'; readonly did: boolean }
  | { readonly type: 'failed'; readonly error: BdeError }
  | { readonly type: 'killed' };

/** A cluster, its world, and what happens to it. Every move ends with a look at all that must hold. */
export class Play {
  #surroundings: Surroundings;
  readonly #beside: Promise<unknown>[] = [];
  readonly #fleet: Fleet;
  #controllers = 0;
  /** Something befell the machines, the provider failed, or a guard was overruled, and no change has ended well since. */
  #isHarmed = false;
  /** What the home knew that was lost last; null where it was in the middle of something, which then is lost too. */
  #lost: unknown = null;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    const world = new FleetWorld();
    world.isFounded = () => this.#isFounded();
    world.isWanted = (node) => this.#isWanted(node);
    const store = createMemoryStore();
    this.#surroundings = { world, store, backups: createMemoryBackups(), clock: modelClock(), gone: new Set() };
  }

  async move(move: Move): Promise<void> {
    const { world } = this.#surroundings;
    if (move.type === 'fate') await this.#befall(move.node, move.fate);
    else if (move.type === 'failure') {
      this.#isHarmed = true;
      const { method, times, leaves } = move;
      await failNext(world.storage, { method, node: '.', times, leaves });
    } else await this.#verb(move.asked, move.incident);
  }

  /** The fault points that a verb passes on its way to its end, in order. */
  async pointsOf(asked: Verb): Promise<readonly string[]> {
    if (asked.verb === 'import') await this.#loseHome();
    const points: string[] = [];
    const ending = await this.#endingOf(
      asked,
      this.#start((_index, _life, name) => points.push(name)),
    );
    if (ending.type !== 'ended') throw new Error(`the ${asked.verb} did not end well: ${JSON.stringify(ending)}`);
    return points;
  }

  /** What must be the same however often a verb was killed. Certificates are random, and digests with them. */
  async outcome(): Promise<unknown> {
    const { world, store } = this.#surroundings;
    const cluster = await this.#cluster();
    if (cluster === undefined) return null;
    const nodes = await store.nodes.listNodes(cluster.id);
    const { resolved } = await readPinnedContent(store.blobs, cluster.pins);
    return {
      state: cluster.state,
      resolved,
      nodes: nodes.map(({ clusterId: _, applied, memberOf, ...node }) => ({
        ...node,
        applied: Object.keys(applied).sort(),
        memberOf: [...memberOf].sort(),
      })),
      machines: world.machines
        .map(({ mark, state, size }) => `${mark.nodeName} ${state} ${JSON.stringify(size)}`)
        .sort(),
      planned: await this.#planNow(cluster),
    };
  }

  /** From wherever it is, the cluster can be deleted, and then nothing is left. */
  async end(): Promise<void> {
    const { world, store } = this.#surroundings;
    world.storage.write('failures.json', []);
    if ((await this.#cluster()) !== undefined) await this.#verb({ verb: 'delete' }, null);
    if ((await store.clusters.list()).length > 0) throw new Error('the cluster could not be deleted');
    await store.close();
  }

  async #verb(asked: Verb, incident: Incident | null): Promise<void> {
    const mustEnd = incident === null && ((await this.#isCalm()) || (isAlwaysPossible(asked) && !this.#isHarmed));
    if (asked.verb === 'import' && !(await this.#loseHome())) return;
    this.#surroundings.world.mayBreak = breaks(asked) || (await this.#isStopping());
    if ('isForced' in asked && asked.isForced) this.#isHarmed = true;
    const ending = await this.#perform(asked, incident);
    await Promise.all(this.#beside.splice(0));
    await checkAlways(this.#surroundings);
    if (ending.type === 'failed' && mustEnd && ![2, 4].includes(ending.error.exitCode)) {
      throw new Error(`${asked.verb} failed though nothing was wrong: ${ending.error.code} ${ending.error.message}`, {
        cause: ending.error,
      });
    }
    if (ending.type === 'ended') await this.#checkEnded(asked, ending.did);
  }

  async #checkEnded(asked: Verb, did: boolean): Promise<void> {
    const { store } = this.#surroundings;
    const cluster = await this.#cluster();
    if (cluster === undefined) return checkAfterDelete(this.#surroundings);
    if (asked.verb === 'create' && !did) return;
    const last = await store.operations.newest(cluster.id);
    if (last?.kind === 'import') {
      if (this.#lost === null) return;
      await checkImported(this.#lost, this.#surroundings);
    }
    if (last?.kind === 'verify' || last?.kind === 'backup' || !(await this.#isWhole())) return;
    const [wanted, planned] = [await this.#wanted(cluster), await this.#planNow(cluster)];
    await checkAfterSuccess(this.#surroundings, cluster, { wanted, planned });
    this.#isHarmed = this.#isToFail();
  }

  async #perform(asked: Verb, incident: Incident | null): Promise<Ending> {
    const frozen = promiseOf<undefined>();
    const controller = this.#start((index, life) => {
      if (incident === null || index !== incident.at) return;
      switch (incident.what) {
        case 'kill':
          throw life.die();
        case 'freeze':
          life.freeze();
          frozen.resolve(undefined);
          return;
        case 'cancel':
          return void this.#beside.push(this.#cancel());
        case 'rival':
          return void this.#beside.push(this.#rival());
        case 'fate':
          return void this.#beside.push(this.#befall(incident.node, incident.fate));
      }
    });
    const ending = this.#endingOf(asked, controller);
    const first = await Promise.race([ending, frozen.promise]);
    return first ?? this.#takeOver(asked, controller, ending);
  }

  /** The frozen one wakes when another has been at work: it must do nothing any more. */
  async #takeOver(asked: Verb, frozen: Controller, ending: Promise<Ending>): Promise<Ending> {
    const { world, clock, store } = this.#surroundings;
    const [cluster] = await store.clusters.list();
    const held = cluster === undefined ? undefined : await store.leases.get(cluster.id);
    clock.advance(LEASE_MS + 1);
    if (held?.holder !== frozen.deps.holder) {
      frozen.life.thaw();
      return ending;
    }
    const resumed = await this.#endingOf({ verb: 'resume' }, this.#start());
    const before = JSON.stringify(world.machines);
    frozen.life.thaw();
    const woken = await ending;
    if (woken.type !== 'failed' || woken.error.code !== 'LEASE_LOST')
      throw new Error(`the ${asked.verb} that was taken over ended as ${JSON.stringify(woken)}`);
    if (JSON.stringify(world.machines) !== before) throw new Error('a controller acted after it was taken over');
    return resumed;
  }

  async #endingOf(asked: Verb, controller: Controller): Promise<Ending> {
    try {
      return { type: 'ended', did: await Promise.race([ask(asked, controller, this.#fleet), controller.life.death]) };
    } catch (error) {
      if (controller.life.isDead || error instanceof Killed) {
        this.#surroundings.gone.add(controller.deps.holder);
        return { type: 'killed' };
      }
      if (!(error instanceof BdeError)) throw error;
      return { type: 'failed', error };
    }
  }

  #start(onPoint?: OnPoint): Controller {
    this.#controllers += 1;
    return startController(`host/boot/${String(this.#controllers)}/1`, this.#surroundings, onPoint);
  }

  async #cluster(): Promise<ClusterRecord | undefined> {
    return this.#surroundings.store.clusters.byName(CLUSTER);
  }

  /** Where its machines can tell of it, the home goes, and the mirror with it. */
  async #loseHome(): Promise<boolean> {
    const { world, store } = this.#surroundings;
    const without = { ...this.#surroundings, store: createMemoryStore() };
    if ((await proposeLost(startController('looks', without).deps)) === null) return false;
    this.#lost = (await this.#isCalm()) ? await whatIsKnown(store) : null;
    await store.close();
    world.storage.write('mirror.json', undefined);
    this.#surroundings = without;
    return true;
  }

  /** The nodes that bde knows of. */
  async #nodes(): Promise<readonly NodeRecord[]> {
    const cluster = await this.#cluster();
    return cluster === undefined ? [] : this.#surroundings.store.nodes.listNodes(cluster.id);
  }

  /** Whether bde knows of a store in service. */
  async #isFounded(): Promise<boolean> {
    const nodes = await this.#nodes();
    return nodes.some(({ memberOf }) => memberOf.includes('store'));
  }

  /** Whether a node is to stay, with what is on its disks. */
  async #isWanted(node: string): Promise<boolean> {
    const cluster = await this.#cluster();
    if (cluster === undefined || cluster.state === 'DELETING') return false;
    return (await this.#wanted(cluster)).some((name) => name === node);
  }

  /** The nodes that the cluster is to have. */
  async #wanted({ pins }: ClusterRecord): Promise<readonly string[]> {
    const { resolved } = await readPinnedContent(this.#surroundings.store.blobs, pins);
    return resolved.nodes.map(({ name }) => name);
  }

  async #nodeName(index: number): Promise<string> {
    const nodes = await this.#nodes();
    return nodes[index % Math.max(1, nodes.length)]?.name ?? '';
  }

  async #befall(node: number, fate: Parameters<FleetWorld['befall']>[1]): Promise<void> {
    this.#isHarmed = true;
    this.#surroundings.world.befall(await this.#nodeName(node), fate);
  }

  async #cancel(): Promise<void> {
    const cluster = await this.#cluster();
    if (cluster !== undefined) await cancelOperation(this.#start().deps, cluster);
  }

  /** Somebody else tries to go on with what is under way. */
  async #rival(): Promise<void> {
    await this.#endingOf({ verb: 'resume' }, this.#start());
  }

  /** All machines are as they should be, and nothing is half done. */
  async #isCalm(): Promise<boolean> {
    const cluster = await this.#cluster();
    const isAtRest = cluster === undefined || cluster.state === 'RUNNING' || cluster.state === 'STOPPED';
    const isOneWay = new Set((await this.#nodes()).map(({ power }) => power)).size < 2;
    return isAtRest && !this.#isToFail() && isOneWay && (await this.#isWhole());
  }

  /** The stores are to be off: what a stop has not finished, the next change does. */
  async #isStopping(): Promise<boolean> {
    const nodes = await this.#nodes();
    return nodes.some(({ group, power }) => group === 's' && power === 'off');
  }

  /** The provider has a failure before it. */
  #isToFail(): boolean {
    return this.#surroundings.world.storage.read<readonly unknown[]>('failures.json', []).length > 0;
  }

  async #isWhole(): Promise<boolean> {
    const { world } = this.#surroundings;
    const cluster = await this.#cluster();
    if (cluster === undefined) return true;
    const nodes = await this.#nodes();
    const stopped = new Set<string>(nodes.filter(({ power }) => power === 'off').map(({ name }) => name));
    const there = new Set<string>(world.machines.map(({ mark }) => mark.nodeName));
    const wanted = await this.#wanted(cluster);
    return world.damaged.every((name) => stopped.has(name)) && wanted.every((name) => there.has(name));
  }

  async #planNow(cluster: ClusterRecord): Promise<readonly string[]> {
    const kind = cluster.state === 'STOPPED' ? 'stop' : 'apply';
    const request: ChangeRequest = { ...NO_CHANGE, kind, depth: 'nodes', isForced: true, asked: {} };
    const { plan } = await prepareChange(request, cluster, this.#start().deps);
    return plan.steps.map(({ id, why }) => `${id} (${why})`);
  }
}

/** What only kills and cancels can never keep from its end. */
function isAlwaysPossible({ verb }: Verb): boolean {
  return verb === 'resume' || verb === 'delete';
}

/** What stops a majority on purpose. */
function breaks(asked: Verb): boolean {
  return (
    asked.verb === 'stop' ||
    asked.verb === 'delete' ||
    asked.verb === 'restore' ||
    asked.verb === 'resume' ||
    (asked.verb === 'resize' && asked.isForced)
  );
}

function promiseOf<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
