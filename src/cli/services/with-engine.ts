import type { EngineDependencies, StopSignals } from '../../engine/context.js';
import type { EventRecord } from '../../engine/ports/store.js';
import { showLiveProgress } from '../../report/live-view.js';
import { showPlainProgress } from '../../report/plain-progress.js';
import type { ProgressEvent, ProgressView } from '../../report/progress.js';
import { terminalOf } from '../../report/terminal.js';
import { stopSignalsOfProcess } from '../interrupt.js';
import { ProgressStages } from '../progress-stages.js';
import { toProgressEvents } from '../to-progress-events.js';
import { openEngine } from '../open-engine.js';
import type { ProviderChoice } from '../wire.js';
import { findDataFolders, type DataRequest } from './find-data-folders.js';
import { introduceRollback } from './introduce-rollback.js';
import { withStore } from './with-store.js';

/** Where a command runs and how it speaks. */
export interface Surroundings {
  readonly projectRoot: string;
  /** Remarks for people, on stderr. */
  readonly say: (text: string) => void;
  /** The cluster that it is about; its provider is the one that is opened. */
  readonly cluster?: string;
  /** The provider of a cluster that is new. */
  readonly provider?: ProviderChoice;
  /** Where package repos may lie beside the shipped ones; absent for what needs none but those that are locked. */
  readonly data?: DataRequest;
}

/** Opens everything, hands it over, and closes it whatever happens. */
export function withEngine<Result>(
  surroundings: Surroundings,
  work: (deps: EngineDependencies) => Promise<Result>,
  onEvent: (event: Omit<EventRecord, 'sequence'>) => void = () => undefined,
): Promise<Result> {
  return withStore(async (store) => {
    const { projectRoot, cluster, provider, data } = surroundings;
    const folders = data === undefined ? { projectRoot } : await findDataFolders(data, projectRoot);
    const deps = await openEngine(store, { folders, onEvent, cluster, provider });
    if (deps.sealer.createdNow) {
      surroundings.say(
        `Made the operator identity ${deps.sealer.identityPath}: back this up, it opens everything sealed.`,
      );
    }
    return work(deps);
  });
}

/** What an operation came to: its own result, how it was shown, and what it warned of. */
export interface Shown<Result> {
  readonly result: Result;
  readonly view: ProgressView;
  readonly warnings: readonly string[];
}

/**
 * Runs an operation under a progress view, with the process's signals as stop signals. What it warned of is said once the view
 * has ended, however that was.
 */
export async function withProgress<Result>(
  surroundings: Surroundings & { readonly title: string },
  work: (deps: EngineDependencies, stop: StopSignals) => Promise<Result>,
): Promise<Shown<Result>> {
  const stages = new ProgressStages(surroundings.title, { show: showProgress, say: surroundings.say });
  const stop = stopSignalsOfProcess(surroundings.say, surroundings.cluster);
  const warnings: string[] = [];
  let introduce = (_: Event): Promise<readonly string[]> => Promise.resolve([]);
  try {
    const result = await withEngine(
      surroundings,
      async (deps) => {
        introduce = (event) => introduceRollback(event, deps);
        try {
          return await work(deps, stop);
        } finally {
          // What introduces a stage is read from the store, which is closed after this.
          await stages.introduced();
        }
      },
      (event) => {
        if (event.kind === 'warning') warnings.push(event.text);
        if (event.kind === 'rollback') stages.next(`rollback ${surroundings.cluster ?? ''}`.trim(), introduce(event));
        for (const each of toProgressEvents(event)) stages.push(each);
      },
    );
    return { result, view: await stages.end(), warnings };
  } finally {
    await stages.end();
    for (const text of warnings) surroundings.say(`warning: ${text}`);
  }
}

type Event = Omit<EventRecord, 'sequence'>;

function showProgress(feed: AsyncIterable<ProgressEvent>, title: string): Promise<ProgressView> {
  if (process.stderr.isTTY) return showLiveProgress(feed, terminalOf(process.stderr), { title, now: () => Date.now() });
  return showPlainProgress(feed, (text) => {
    process.stderr.write(text);
  });
}
