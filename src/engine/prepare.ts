import { BdeError } from '../errors/bde-error.js';
import type { OperationId } from '../errors/ids.js';
import { PLAN_FORMAT_VERSION, stepId, summarizeSteps, type Plan, type PrepareStep } from '../plan/plan.js';
import { digestOf } from '../cookbook/canonical-json.js';
import { announcePlan, announceStep } from './announce.js';
import { emitEvent, type EngineDependencies, type StopSignals } from './context.js';
import { PREPARED_FOR } from './interrupt-dead-prepares.js';
import { joinFailures, toError } from './join-failures.js';
import { Journal, type JournalData } from './journal.js';
import type { Guard } from './ports/guard.js';
import type { MirrorEndpoint, MirrorTrust, RepoLock } from './ports/mirror.js';
import type { NetworkInventory, Template } from './ports/provider.js';
import type { OperationRecord } from './ports/store.js';
import { runSteps, type StepsResult } from './run-steps.js';

/** What a cluster needs of what all clusters of a home share. */
export interface PrepareRequest {
  readonly repos: readonly string[];
  readonly rehearsal: boolean;
}

/** What preparing gives. */
export interface PreparedHome {
  readonly network: NetworkInventory;
  readonly template: Template;
  readonly trust: MirrorTrust;
  readonly locks: readonly RepoLock[];
  /** Null where no repo is needed. */
  readonly endpoint: MirrorEndpoint | null;
}

/** The name of the one template that the `local` recipe describes. */
export const TEMPLATE_RECIPE = { name: 'debian-12', formatVersion: 1 } as const;

/** The steps that prepare a home, in an order that respects `after`. */
export function planPrepare(request: PrepareRequest): readonly PrepareStep[] {
  const step = (what: PrepareStep['what'], after: readonly PrepareStep['what'][], why: string): PrepareStep => ({
    kind: 'prepare',
    id: stepId('prepare', what),
    what,
    subject: null,
    after: after.map((each) => stepId('prepare', each)),
    why,
  });
  const shared = [
    step('network', [], 'machines need a network'),
    step('template', [], 'machines are clones of a template'),
    step('trust', [], 'nodes trust our CA and package keys from their first boot'),
  ];
  if (request.repos.length === 0) return shared;
  const repos = request.repos.map((name) => ({
    ...step('repo', ['template', 'trust'], 'its packages are installed from the mirror'),
    id: stepId('prepare', 'repo', name),
    subject: name,
  }));
  return [...shared, ...repos, step('mirror', ['network', 'trust'], 'nodes pull their packages from it')];
}

/** Who prepares: everything is done under the guard of the cluster operation that needs it. */
export interface PrepareCaller {
  readonly deps: EngineDependencies;
  /** The cluster operation that needs it. */
  readonly operation: Pick<OperationRecord, 'id' | 'clusterName'>;
  readonly guard: Guard;
  readonly lost: AbortSignal;
  readonly stop: StopSignals;
}

/**
 * Makes or finds what all clusters of this home share, as an operation of its own. Every part is idempotent, keyed by
 * content and safe to run side by side from several processes.
 *
 * @throws BdeError `TEMPLATE_FAILED`, `REPO_FAILED`, `PROVIDER_FAILED`
 */
export async function prepareHome(request: PrepareRequest, caller: PrepareCaller): Promise<PreparedHome> {
  const { deps, guard } = caller;
  const steps = planPrepare(request);
  const operationId = await recordPrepare(request, steps, caller);
  const { operations } = deps.store;
  const journal = new Journal({ ...deps, operationId, epoch: 0, operations, guard }, []);
  const preparer = new HomePreparer(request, caller, { journal, operationId });
  const result = await runPrepare(steps, caller, { journal, operationId, preparer });
  const error = errorOf(result);
  const state = error === undefined ? 'succeeded' : result.failures.length === 0 ? 'interrupted' : 'failed';
  const outcome = error instanceof BdeError ? error.message : state;
  await operations.update(operationId, { state, endedAt: deps.clock.now(), outcome });
  if (error !== undefined) throw error;
  return preparer.prepared();
}

function errorOf(result: StepsResult): Error | undefined {
  if (result.failures.length > 0) return joinFailures('', result);
  return result.stoppedBy === null ? undefined : toError(result.stoppedBy.reason);
}

async function runPrepare(
  steps: readonly PrepareStep[],
  { deps, lost, stop }: PrepareCaller,
  run: { readonly journal: Journal; readonly operationId: OperationId; readonly preparer: HomePreparer },
): Promise<StepsResult> {
  const { journal, operationId, preparer } = run;
  const owner = { clusterId: null, operationId };
  await announcePlan(deps, owner, steps);
  const abort = AbortSignal.any([stop.abort, lost]);
  return runSteps(steps, {
    journal,
    perform: (step) => preparer.perform(step as PrepareStep),
    stopStarting: AbortSignal.any([stop.stopStarting, abort]),
    abort,
    limits: {},
    onState: (step, state, detail) => announceStep(deps, owner, { step, state, detail }),
  });
}

async function recordPrepare(
  request: PrepareRequest,
  steps: readonly PrepareStep[],
  { deps, operation }: PrepareCaller,
): Promise<OperationId> {
  const id = deps.clock.newId() as OperationId;
  const plan: Plan = {
    formatVersion: PLAN_FORMAT_VERSION,
    operation: 'prepare',
    cluster: '',
    base: digestOf(request),
    steps,
    summary: summarizeSteps(steps),
  };
  await deps.store.transaction(async (tables) => {
    await tables.operations.insert({
      id,
      clusterId: null,
      clusterName: null,
      kind: 'prepare',
      state: 'running',
      startedAt: deps.clock.now(),
      endedAt: null,
      ...deps.who,
      request: { ...request, cluster: operation.clusterName, [PREPARED_FOR]: operation.id },
      plan: await tables.blobs.put(Buffer.from(JSON.stringify(plan))),
      outcome: null,
      cancelAsked: false,
    });
  });
  return id;
}

/** Performs prepare steps and keeps what they gave. */
class HomePreparer {
  readonly #request: PrepareRequest;
  readonly #caller: PrepareCaller;
  readonly #run: { readonly journal: Journal; readonly operationId: OperationId };
  readonly #locks = new Map<string, readonly RepoLock[]>();
  #network: NetworkInventory | undefined;
  #template: Template | undefined;
  #trust: MirrorTrust | undefined;
  #endpoint: MirrorEndpoint | null = null;

  constructor(
    request: PrepareRequest,
    caller: PrepareCaller,
    run: { readonly journal: Journal; readonly operationId: OperationId },
  ) {
    this.#request = request;
    this.#caller = caller;
    this.#run = run;
  }

  async perform(step: PrepareStep): Promise<{ readonly state: 'done'; readonly detail: JournalData }> {
    const detail = await this.#run.journal.effect({
      stepId: step.id,
      name: { kind: `prepare-${step.what}`, role: step.subject ?? undefined },
      ref: {},
      act: () => this.#act(step),
    });
    return { state: 'done', detail };
  }

  prepared(): PreparedHome {
    if (this.#network === undefined || this.#template === undefined || this.#trust === undefined) {
      throw new TypeError('prepared() was called before every prepare step ended well');
    }
    return {
      network: this.#network,
      template: this.#template,
      trust: this.#trust,
      locks: uniqueByRepo(this.#request.repos.flatMap((name) => this.#locks.get(name) ?? [])),
      endpoint: this.#endpoint,
    };
  }

  #act(step: PrepareStep): Promise<JournalData> {
    switch (step.what) {
      case 'network':
        return this.#ensureNetwork();
      case 'template':
        return this.#ensureTemplate();
      case 'trust':
        return this.#ensureTrust();
      case 'repo':
        return this.#ensureRepo(step.subject ?? '');
      case 'mirror':
        return this.#ensureMirror();
    }
  }

  async #ensureNetwork(): Promise<JournalData> {
    const { provider } = this.#caller.deps;
    const own = await provider.network?.ensureNetwork(this.#caller.guard);
    const network = own ?? (await provider.provider.inventory()).networks[0];
    if (network === undefined) {
      throw new BdeError('PREFLIGHT_FAILED', `The provider ${provider.provider.describe().name} has no network.`, {
        hint: 'Name a network with an address pool for this provider in the site file.',
      });
    }
    this.#network = network;
    return { network: network.name, cidr: network.cidr };
  }

  async #ensureTemplate(): Promise<JournalData> {
    const { provider } = this.#caller.deps.provider;
    this.#template = await provider.ensureTemplate(
      TEMPLATE_RECIPE,
      this.#caller.guard,
      this.#progress('prepare/template'),
    );
    return { template: this.#template.digest };
  }

  async #ensureTrust(): Promise<JournalData> {
    this.#trust = await this.#caller.deps.mirror.ensureTrust(this.#caller.guard);
    return { gpgFingerprint: this.#trust.gpgFingerprint };
  }

  async #ensureRepo(name: string): Promise<JournalData> {
    if (this.#template === undefined) throw new TypeError('the template comes before the repos');
    const options = { template: this.#template.digest, rehearsal: this.#request.rehearsal };
    const { mirror } = this.#caller.deps;
    const locks = await mirror.ensureRepo(name, options, this.#caller.guard, this.#progress(`prepare/repo/${name}`));
    this.#locks.set(name, locks);
    return { snapshots: locks.map((lock) => lock.snapshot) };
  }

  async #ensureMirror(): Promise<JournalData> {
    if (this.#network === undefined) throw new TypeError('the network comes before the mirror');
    const { mirror } = this.#caller.deps;
    this.#endpoint = await mirror.ensureServing(this.#network.hostAddress, this.#caller.guard);
    return { url: this.#endpoint.url };
  }

  /** Lines of a long build are for people who watch; one that cannot be stored is not worth a failed build. */
  #progress(id: string): (line: string) => void {
    const { deps } = this.#caller;
    return (line) => {
      void emitEvent(deps, {
        kind: 'prepare',
        operationId: this.#run.operationId,
        text: line,
        data: { stepId: id, stepKind: id.split('/').slice(1).join(' ') },
      }).catch(() => undefined);
    };
  }
}

/** Repos that need one and the same repo each bring its lock, and these are equal. */
function uniqueByRepo(locks: readonly RepoLock[]): readonly RepoLock[] {
  return [...new Map(locks.map((lock) => [lock.repo, lock])).values()];
}

/** Locked packages by name, as dnf takes them. */
export function lockedPackages(locks: readonly RepoLock[]): Readonly<Record<string, string>> {
  return Object.fromEntries(locks.flatMap((lock) => lock.packages.map((each) => [each.name, each.nevra])));
}

/** Repos that each locked package and all that it needs are in, by package. */
export function packageSources(locks: readonly RepoLock[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(locks.flatMap((lock) => lock.packages.map((each) => [each.name, lock.sources])));
}
