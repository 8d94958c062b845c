import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../../cookbook/types.js';
import type { StopSignals } from '../../../engine/context.js';
import { parseCookbooks } from '../../../engine/parse-cookbooks.js';
import { BdeError, isBdeError } from '../../../errors/bde-error.js';
import { didYouMean } from '../../../spec/document/nearest-name.js';
import { quoteText } from '../../../spec/document/quote-source.js';
import { stopSignalsOfProcess } from '../../interrupt.js';
import { homePaths } from '../../paths.js';
import type { RunLog } from '../cluster-logs.js';
import type { DataFolders, DataRequest } from '../find-data-folders.js';
import { readCatalogue } from '../read-catalogue.js';
import type { Surroundings } from '../with-engine.js';
import { bdeChild, type BdeChild } from './bde-child.js';
import { cookbookNamed, findCookbooks } from './find-cookbooks.js';
import { judgeTest, type NodeRun, type ResourceLine, type TestJudgement } from './judge-test.js';
import { planTest, type TestInputs } from './plan-test.js';

/** What `bde cookbook test` asks for. */
export interface TestOrder {
  readonly name: string;
  /** Undefined: every role of the cookbook. */
  readonly role: string | undefined;
  /** `PATH=VALUE`, for the spec that is made. */
  readonly overrides: readonly string[];
  readonly rehearsal: boolean;
  /** Leave the machines for a look. */
  readonly keep: boolean;
  readonly data: DataRequest;
}

/** `bde cookbook test`; `formatVersion` 1. */
export interface CookbookTest extends TestJudgement {
  readonly formatVersion: 1;
  readonly cookbook: string;
  /** Those that were asked for; what they require was there too. */
  readonly roles: readonly string[];
  /** Where the machines are; null where they are gone. */
  readonly kept: { readonly home: string; readonly cluster: string } | null;
}

/**
 * Converges roles of a cookbook, with what they require, on machines in a home beside this one; asks a check, and
 * converges them again. The machines are gone afterwards, however it ends, unless they are to be kept.
 *
 * @throws BdeError what a run on them failed with
 */
export async function testCookbook(order: TestOrder, surroundings: Surroundings): Promise<CookbookTest> {
  const { projectRoot } = surroundings;
  const found = await findCookbooks(order.data, projectRoot);
  cookbookNamed(order.name, found);
  const { roles } = parseCookbooks(found.sources);
  const tested = rolesToTest(order, roles);
  const inputs = planTest(tested, roles, (await readCatalogue(found.folders)).manifest);
  const cluster = `test${randomBytes(4).toString('hex')}`;
  const child = bdeChild(projectRoot, await testHome());
  const stop = stopSignalsOfProcess(surroundings.say);
  const judgement = await withInputs(inputs, async (folder) => {
    try {
      return await runTwice(child, { order, inputs, folders: found.folders, folder, cluster, stop });
    } finally {
      if (!order.keep) await removeCluster(child, cluster);
    }
  });
  const kept = order.keep ? { home: child.home, cluster } : null;
  return { formatVersion: 1, cookbook: order.name, roles: tested, kept, ...judgement };
}

/** One for all tests of a home: its template and its package repos are there from the second test on. */
async function testHome(): Promise<string> {
  const home = join(homePaths().home, 'cookbook-test');
  await mkdir(home, { recursive: true, mode: 0o700 });
  return home;
}

function rolesToTest({ name, role }: TestOrder, known: ReadonlyMap<string, Role>): readonly string[] {
  const own = [...known.values()].filter(({ cookbook }) => cookbook === name).map((each) => each.name);
  if (own.length === 0) throw untestable(`The cookbook ${name} has no role, so nothing of it can be converged.`);
  if (role === undefined || own.includes(role)) return role === undefined ? own : [role];
  const near = didYouMean(role, own) || '.';
  throw untestable(`The cookbook ${name} has no role ${quoteText(role)}; there are ${own.join(', ')}${near}`);
}

function untestable(message: string): BdeError {
  return new BdeError('USAGE', message, { hint: 'See the roles of all cookbooks with bde cookbook list.' });
}

/** Lays spec and manifest for as long as they are needed. */
async function withInputs<Result>(inputs: TestInputs, work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'bde-cookbook-test-'));
  try {
    await writeFile(join(folder, 'spec.json'), JSON.stringify(inputs.spec));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(inputs.manifest));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface TestRun {
  readonly order: TestOrder;
  readonly inputs: TestInputs;
  readonly folders: DataFolders;
  readonly folder: string;
  readonly cluster: string;
  readonly stop: StopSignals;
}

async function runTwice(child: BdeChild, run: TestRun): Promise<TestJudgement> {
  const { cluster, stop } = run;
  await child.json(createCommand(run), { stop });
  const first = await runsOf(child, cluster, stop);
  const { results } = await child.json<{ readonly results: readonly NodeRun[] }>(
    ['cluster', 'converge', cluster, '--check'],
    { stop, results: [10] },
  );
  await child.json(['cluster', 'converge', cluster], { stop });
  const all = await runsOf(child, cluster, stop);
  return judgeTest({ first, check: results, second: all.slice(first.length) });
}

function createCommand({ order, inputs, folders, folder, cluster }: TestRun): readonly string[] {
  const own = (flag: string, paths: readonly string[]): readonly string[] =>
    paths.slice(1).flatMap((path) => [flag, path]);
  return [
    ...['cluster', 'create', cluster, '--spec', join(folder, 'spec.json'), '--distro', inputs.distro],
    ...own('--cookbooks', folders.cookbooks),
    ...own('--distros', [...folders.distros, folder]),
    ...own('--repos', folders.repos),
    ...(order.data.site === undefined ? [] : ['--site', order.data.site]),
    ...order.overrides.flatMap((override) => ['--set', override]),
    ...(order.rehearsal ? ['--rehearse'] : []),
  ];
}

/** Every run on a node so far, oldest first. */
async function runsOf(child: BdeChild, cluster: string, stop: StopSignals): Promise<readonly NodeRun[]> {
  const { runs } = await child.json<{ readonly runs: readonly RunLog[] }>(['cluster', 'logs', cluster], { stop });
  return runs.map(({ stepId, lines }) => {
    const [kind = '', node = '', role = kind] = stepId.split('/');
    return { node, role, lines: lines.filter((line): line is ResourceLine => 'resource' in line) };
  });
}

/** Whatever the user types meanwhile: half of a cluster is of use to nobody. */
async function removeCluster(child: BdeChild, cluster: string): Promise<void> {
  try {
    const listed = await child.json<{ readonly clusters: readonly { readonly name: string }[] }>(['cluster', 'list'], {
      stop: null,
    });
    if (!listed.clusters.some(({ name }) => name === cluster)) return;
    await child.json(['cluster', 'delete', cluster, '--yes'], { stop: null });
  } catch (error) {
    if (isBdeError(error)) throw notRemoved(error, child, cluster);
    throw error;
  }
}

function notRemoved(cause: BdeError, { home }: BdeChild, cluster: string): BdeError {
  return new BdeError(cause.code, `The machines of the test are still there: ${cause.message}`, {
    hint: `Remove them with BDE_HOME=${home} BDE_IDENTITY=${home}/identity bde cluster delete ${cluster}.`,
    failures: cause.failures,
    data: cause.data,
    cause,
  });
}
