import { BdeError } from '../../../../src/errors/bde-error.js';
import { changeCluster } from '../../../../src/engine/operations/change-cluster.js';
import { prepareChange } from '../../../../src/engine/operations/prepare-change.js';
import { NO_CHANGE, type ChangeRequest } from '../../../../src/engine/operations/change-request.js';
import { convergeCluster } from '../../../../src/engine/operations/converge-cluster.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { backupRequest, restoreRequest } from '../../../../src/engine/operations/data-requests.js';
import { deleteCluster } from '../../../../src/engine/operations/delete-cluster.js';
import { fixRequest } from '../../../../src/engine/operations/fix-request.js';
import { cancelOperation } from '../../../../src/engine/operations/hand-over.js';
import { resumeCluster } from '../../../../src/engine/operations/resume-cluster.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import { readPinnedContent } from '../../../../src/engine/pins.js';
import type { ClusterRecord } from '../../../../src/engine/ports/store.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import {
  powerRequest,
  resizeRequest,
  restartRequest,
  rollbackRequest,
  verifyRequest,
} from '../../../../src/cli/services/change-requests.js';
import { failNext } from '../../../fakes/memory-provider.js';
import { createMemoryBackups } from '../../../fakes/memory-backups.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';
import {
  LEASE_MS,
  modelClock,
  startController,
  type Controller,
  type OnPoint,
  type Surroundings,
} from './controller.js';
import { FleetWorld } from './fleet-world.js';
import { inputsOf, type Fleet } from './fleet.js';
import { Killed } from './life.js';
import { checkAfterDelete, checkAfterSuccess, checkAlways } from './invariants.js';
import type { Incident, Move, SpecVerb, Verb } from './moves.js';

const NAME = 'demo';
const BACKUPS = '/backups';

/** How a verb ended. */
type Ending =
  | { readonly type: 'ended'; readonly did: boolean }
  | { readonly type: 'failed'; readonly error: BdeError }
  | { readonly type: 'killed' };

/** A cluster, its world, and what happens to it. Every move ends with a look at all that must hold. */
export class Play {
  readonly #surroundings: Surroundings;
  readonly #beside: Promise<unknown>[] = [];
  #fleet: Fleet;
  #controllers = 0;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    const store = createMemoryStore();
    const world = new FleetWorld();
    world.isFounded = async () => {
      const [cluster] = await store.clusters.list();
      const nodes = cluster === undefined ? [] : await store.nodes.listNodes(cluster.id);
      return nodes.some(({ memberOf }) => memberOf.includes('store'));
    };
    this.#surroundings = { world, store, backups: createMemoryBackups(), clock: modelClock(), gone: new Set() };
  }

  async move(move: Move): Promise<void> {
    const { world } = this.#surroundings;
    if (move.type === 'fate') world.befall(await this.#nodeName(move.node), move.fate);
    else if (move.type === 'failure') {
      const { method, times, leaves } = move;
      await failNext(world.storage, { method, node: '.', times, leaves });
    } else await this.#verb(move.asked, move.incident);
  }

  /** The fault points that a verb passes on its way to its end, in order. */
  async pointsOf(asked: Verb): Promise<readonly string[]> {
    const points: string[] = [];
    const ending = await this.#endingOf(
      asked,
      this.#start((_index, _life, name) => points.push(name)),
    );
    if (ending.type !== 'ended') throw new Error(`the ${asked.verb} did not end well: ${JSON.stringify(ending)}`);
    return points;
  }

  /** What must be the same however often a verb was killed. */
  async outcome(): Promise<unknown> {
    const { world, store } = this.#surroundings;
    const cluster = await this.#cluster();
    if (cluster === undefined) return null;
    const nodes = await store.nodes.listNodes(cluster.id);
    return {
      state: cluster.state,
      nodes: nodes.map(({ clusterId: _, memberOf, ...node }) => ({ ...node, memberOf: [...memberOf].sort() })),
      machines: world.machines
        .map(({ mark, state, size }) => `${mark.nodeName} ${state} ${JSON.stringify(size)}`)
        .sort(),
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
    const { world, store } = this.#surroundings;
    const isCalm = incident === null && (await this.#isCalm());
    world.mayBreak = breaks(asked);
    const ending = await this.#perform(asked, incident);
    await Promise.all(this.#beside.splice(0));
    await checkAlways(this.#surroundings);
    if (ending.type === 'failed' && isCalm && ![2, 4].includes(ending.error.exitCode)) {
      throw new Error(`${asked.verb} failed though nothing was wrong: ${ending.error.code} ${ending.error.message}`, {
        cause: ending.error,
      });
    }
    if (ending.type !== 'ended') return;
    const cluster = await this.#cluster();
    if (cluster === undefined) return checkAfterDelete(this.#surroundings);
    if (asked.verb === 'create' && !ending.did) return;
    const last = await store.operations.newest(cluster.id);
    if (last?.kind === 'verify' || last?.kind === 'backup' || !(await this.#isWhole())) return;
    await checkAfterSuccess(this.#surroundings, cluster, await this.#planNow(cluster));
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
      return { type: 'ended', did: await Promise.race([this.#ask(asked, controller), controller.life.death]) };
    } catch (error) {
      if (controller.life.isDead || error instanceof Killed) {
        this.#surroundings.gone.add(controller.deps.holder);
        return { type: 'killed' };
      }
      if (!(error instanceof BdeError)) throw error;
      return { type: 'failed', error };
    }
  }

  async #ask(asked: Verb, { deps, stop }: Controller): Promise<boolean> {
    const cluster = await this.#cluster();
    if (asked.verb === 'create') {
      if (cluster !== undefined) return false;
      const inputs = inputsOf(this.#fleet);
      const { roles } = parseCookbooks(inputs.cookbooks);
      const resolved = resolveSource(inputs.source, { name: NAME, roles, ordinals: new Map() });
      await createCluster({ ...inputs, resolved, rehearsal: false, asked: {} }, deps, stop);
      return true;
    }
    if (cluster === undefined) return false;
    if (asked.verb === 'delete') await deleteCluster(deps, cluster, stop);
    else if (asked.verb === 'resume') await resumeCluster(NAME, deps, stop);
    else if (asked.verb === 'converge') await convergeCluster({}, cluster, { deps, stop });
    else {
      const request = await this.#request(asked, cluster, deps);
      return changeCluster(request, cluster, { deps, stop, onWarning: () => undefined });
    }
    return true;
  }

  async #request(asked: Verb, cluster: ClusterRecord, deps: Controller['deps']): Promise<ChangeRequest> {
    const group = 'group' in asked ? (asked.group ?? undefined) : undefined;
    switch (asked.verb) {
      case 'resize': {
        const { count, isForced } = asked;
        return resizeRequest({ group: asked.group, count, isForced })(cluster, deps);
      }
      case 'stop':
      case 'start':
        return powerRequest(asked.verb, group, false)(cluster, deps);
      case 'restart':
        return restartRequest(group === undefined ? {} : { group })(cluster, deps);
      case 'rollback':
        return rollbackRequest()(cluster, deps);
      case 'verify':
        return verifyRequest()(cluster, deps);
      case 'backup':
        return backupRequest({ role: undefined, folder: BACKUPS }, cluster, deps);
      case 'restore': {
        const [backup] = await deps.backups.list(BACKUPS);
        if (backup === undefined) throw new BdeError('UNKNOWN_BACKUP', 'none was taken');
        return restoreRequest({ role: undefined, backup, acceptsOther: false }, cluster, deps);
      }
      case 'fix': {
        const named = asked.node === null ? null : await this.#nodeName(asked.node);
        const { signal } = new AbortController();
        const order = { named, perHour: Infinity, isForced: false };
        return fixRequest(order, cluster, { deps, signal });
      }
      default:
        return this.#other(asked as SpecVerb, cluster);
    }
  }

  /** Changes of the spec: what is not named stays as it is pinned. */
  async #other(asked: SpecVerb, cluster: ClusterRecord): Promise<ChangeRequest> {
    const now = await this.#pinnedFleet(cluster);
    const { verb, ...part } = asked.verb === 'size' ? { verb: 'apply' as const, storeSize: asked.size } : asked;
    const inputs = inputsOf({ ...now, ...part });
    const isPreparedAnew = verb === 'upgrade';
    return { ...NO_CHANGE, kind: verb, inputs: { ...inputs, isPreparedAnew }, asked: {} };
  }

  async #pinnedFleet({ pins }: ClusterRecord): Promise<Fleet> {
    const { resolved } = await readPinnedContent(this.#surroundings.store.blobs, pins);
    const [store, worker] = ['s', 'w'].map((name) => resolved.groups.find((group) => group.name === name));
    const { level } = (store?.configuration['fleet'] ?? {}) as { readonly level?: number };
    return {
      stores: store?.count ?? 0,
      workers: worker?.count ?? 0,
      storeSize: store?.size.memoryMiB === 2048 ? 'LARGE' : 'SMALL',
      level: level ?? 1,
      version: resolved.distro.version === '2' ? 2 : 1,
    };
  }

  #start(onPoint?: OnPoint): Controller {
    this.#controllers += 1;
    return startController(`host/boot/${String(this.#controllers)}/1`, this.#surroundings, onPoint);
  }

  async #cluster(): Promise<ClusterRecord | undefined> {
    return this.#surroundings.store.clusters.byName(NAME);
  }

  async #nodeName(index: number): Promise<string> {
    const cluster = await this.#cluster();
    const nodes = cluster === undefined ? [] : await this.#surroundings.store.nodes.listNodes(cluster.id);
    return nodes[index % Math.max(1, nodes.length)]?.name ?? '';
  }

  async #befall(node: number, fate: Parameters<FleetWorld['befall']>[1]): Promise<void> {
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
    const { world, store } = this.#surroundings;
    const cluster = await this.#cluster();
    const isAtRest = cluster === undefined || cluster.state === 'RUNNING' || cluster.state === 'STOPPED';
    const failures = world.storage.read<readonly unknown[]>('failures.json', []);
    const nodes = cluster === undefined ? [] : await store.nodes.listNodes(cluster.id);
    const isOneWay = new Set(nodes.map(({ power }) => power)).size < 2;
    return isAtRest && failures.length === 0 && isOneWay && (await this.#isWhole());
  }

  async #isWhole(): Promise<boolean> {
    const { world, store } = this.#surroundings;
    const cluster = await this.#cluster();
    if (cluster === undefined) return true;
    const nodes = await store.nodes.listNodes(cluster.id);
    const stopped = new Set<string>(nodes.filter(({ power }) => power === 'off').map(({ name }) => name));
    const there = new Set<string>(world.machines.map(({ mark }) => mark.nodeName));
    return world.damaged.every((name) => stopped.has(name)) && nodes.every(({ name }) => there.has(name));
  }

  async #planNow(cluster: ClusterRecord): Promise<readonly string[]> {
    const kind = cluster.state === 'STOPPED' ? 'stop' : 'apply';
    const request: ChangeRequest = { ...NO_CHANGE, kind, depth: 'nodes', isForced: true, asked: {} };
    const { plan } = await prepareChange(request, cluster, this.#start().deps);
    return plan.steps.map(({ id, why }) => `${id} (${why})`);
  }
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
