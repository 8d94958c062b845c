import type { Finding } from './finding.js';
import type { ClusterFacts, HostFacts, IdentityFacts, MachineFacts, ProviderFacts, StoreFacts } from './host-facts.js';

/** The oldest Node that bde runs on. */
const OLDEST_NODE = [20, 19] as const;

/** Less than this is a problem, for a template alone takes a part of it; less than four times of it, a warning. */
const LEAST_FREE_MIB = 2048;

/** Everything that is to be said about a host and its home, in the order in which one would mend it. */
export function diagnose(facts: HostFacts): readonly Finding[] {
  return [
    judgeNode(facts.nodeVersion),
    judgeSsh(facts.sshIsNative),
    ...facts.disks.map(judgeDisk),
    ...judgeProvider(facts.provider),
    judgeStore(facts.store),
    judgeIdentity(facts.identity),
    ...facts.store.clusters.flatMap(judgeCluster),
    ...facts.store.deadHomeOperations.map(judgeHomeOperation),
    ...judgeStrangers(facts),
    ...judgeOrphans(facts.provider),
  ];
}

/** Machines of clusters that the store does not know: the home was lost, or is another one. */
export function strangersOf({ provider, store }: HostFacts): readonly MachineFacts[] {
  // A store that cannot be read knows nothing; that is no reason to call its machines strangers.
  if (store.state === 'unusable') return [];
  const known = new Set(store.clusters.map(({ id }) => id));
  return provider.machines.filter(({ clusterId }) => !known.has(clusterId));
}

function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const next = isOld ? `Install Node ${OLDEST_NODE.join('.')} or newer.` : null;
  return { level: isOld ? 'problem' : 'ok', what: 'node', where: null, why: `Node.js is ${version}`, next };
}

function judgeSsh(isNative: boolean): Finding {
  if (isNative) return { level: 'ok', what: 'ssh', where: null, why: 'the compiled part of ssh2 is there', next: null };
  return {
    level: 'warning',
    what: 'ssh',
    where: null,
    why: 'the compiled part of ssh2 is not there: connections work, but several times slower',
    next: 'Run apt-get install build-essential python3, then npm rebuild ssh2 in the folder of bde.',
  };
}

function judgeDisk({ what, path, freeMiB }: HostFacts['disks'][number]): Finding {
  const free = `${(freeMiB / 1024).toFixed(1)} GiB are free for ${what}`;
  const level = freeMiB < LEAST_FREE_MIB ? 'problem' : freeMiB < 4 * LEAST_FREE_MIB ? 'warning' : 'ok';
  const next = level === 'ok' ? null : `Free some space there; see what templates take with bde template list.`;
  return { level, what: 'disk', where: path, why: free, next };
}

function judgeProvider({ name, failure, missing }: ProviderFacts): readonly Finding[] {
  if (failure !== null) {
    return [{ level: 'problem', what: 'provider', where: name, why: failure.why, next: failure.next }];
  }
  if (missing.length === 0) {
    return [{ level: 'ok', what: 'provider', where: name, why: 'has all that it needs to make machines', next: null }];
  }
  return missing.map(({ what, hint }) => ({
    level: 'problem',
    what: 'provider',
    where: name,
    why: `lacks ${what}`,
    next: hint,
  }));
}

function judgeStore({ state, path, why, next, clusters }: StoreFacts): Finding {
  switch (state) {
    case 'usable':
      return {
        level: 'ok',
        what: 'store',
        where: path,
        why: `holds ${clusters.length === 1 ? 'one cluster' : `${String(clusters.length)} clusters`}`,
        next: null,
      };
    case 'absent':
      return {
        level: 'ok',
        what: 'store',
        where: path,
        why: 'is not there yet: the first operation makes it',
        next: null,
      };
    case 'unusable':
      return { level: 'problem', what: 'store', where: path, why: why ?? 'cannot be used', next };
  }
}

function judgeIdentity({ state, path, isNeeded, why, next }: IdentityFacts): Finding {
  const finding = { what: 'identity', where: path };
  if (state === 'usable') return { ...finding, level: 'ok', why: 'opens what this home has sealed', next: null };
  if (state === 'absent' && !isNeeded) {
    return { ...finding, level: 'ok', why: 'is not there yet: the first operation makes it', next: null };
  }
  return { ...finding, level: 'problem', why: why ?? 'is not there', next };
}

/** A cluster whose last operation did not end well is told with the way on. */
function judgeCluster({ name, state, isHeld, last }: ClusterFacts): readonly Finding[] {
  const finding = { what: 'cluster', where: name };
  if (last === null || last.state === 'succeeded') {
    return [{ ...finding, level: 'ok', why: `is ${state}`, next: null }];
  }
  if (last.state === 'running' && isHeld) {
    return [{ ...finding, level: 'ok', why: `is ${state}, ${last.kind} goes on`, next: null }];
  }
  const why =
    last.state === 'running'
      ? `is ${state}: the process of its ${last.kind} is gone`
      : `is ${state}: its ${last.kind} ${last.state === 'failed' ? 'failed' : 'was interrupted'}${outcomeOf(last.outcome)}`;
  return [{ ...finding, level: 'warning', why, next: `Run bde cluster resume ${name}.` }];
}

function outcomeOf(outcome: string | null): string {
  return outcome === null ? '' : ` (${outcome})`;
}

function judgeHomeOperation({ id, kind, startedAt }: StoreFacts['deadHomeOperations'][number]): Finding {
  return {
    level: 'warning',
    what: 'operation',
    where: id,
    why: `${kind} began at ${startedAt} and never ended; its process is gone`,
    next: 'Nothing is lost: the next one goes on. bde doctor --fix marks it as interrupted.',
  };
}

function judgeStrangers(facts: HostFacts): readonly Finding[] {
  const strangers = strangersOf(facts);
  const clusters = new Map(strangers.map(({ clusterId, clusterName }) => [clusterId, clusterName]));
  return [...clusters].map(([id, name]) => {
    const nodes = strangers.filter(({ clusterId }) => clusterId === id).map(({ node }) => node);
    return {
      level: 'problem',
      what: 'machines',
      where: facts.provider.name,
      why: `there are machines of a cluster ${name} (${id}) that this home does not know: ${nodes.join(', ')}`,
      next: 'Bring back the BDE_HOME that knows it. To destroy them: bde doctor --fix --destroy-unknown.',
    };
  });
}

function judgeOrphans({ name, orphans }: ProviderFacts): readonly Finding[] {
  return orphans.map((orphan) => ({
    level: 'warning',
    what: 'orphan',
    where: name,
    why: `${orphan} is left over`,
    next: 'Run bde doctor --fix.',
  }));
}
