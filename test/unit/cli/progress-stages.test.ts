import { describe, expect, it } from 'vitest';
import { ProgressStages } from '../../../src/cli/progress-stages.js';
import { EMPTY_PROGRESS, foldProgress, type ProgressEvent, type ProgressView } from '../../../src/report/progress.js';

const running = (stepId: string): ProgressEvent => ({ at: 0, stepId, kind: 'run', state: 'running' });

/** Stages that write down what is shown and said, in order. */
function stages(): { readonly stages: ProgressStages; readonly log: readonly string[] } {
  const log: string[] = [];
  const show = async (feed: AsyncIterable<ProgressEvent>, title: string): Promise<ProgressView> => {
    let view = EMPTY_PROGRESS;
    log.push(`begin ${title}`);
    for await (const event of feed) {
      view = foldProgress(view, event);
      log.push(`${title}: ${event.stepId}`);
    }
    log.push(`end ${title}`);
    return view;
  };
  return { stages: new ProgressStages('config', { show, say: (text) => void log.push(text) }), log };
}

describe('ProgressStages', () => {
  it('ends a view, says what introduces the next one, and shows that, whatever came meanwhile', async () => {
    const { stages: shown, log } = stages();
    shown.push(running('one'));
    shown.next('rollback', Promise.resolve(['It failed.']));
    shown.push(running('two'));

    const view = await shown.end();

    expect(log).toEqual([
      'begin config',
      'config: one',
      'end config',
      'It failed.',
      'begin rollback',
      'rollback: two',
      'end rollback',
    ]);
    expect(Object.keys(view.steps)).toEqual(['two']);
  });

  it('says all of an introduction before it counts as introduced', async () => {
    const { stages: shown, log } = stages();
    shown.next('rollback', Promise.resolve(['It failed.']));

    await shown.introduced();

    expect(log).toContain('It failed.');
    await shown.end();
  });
});
