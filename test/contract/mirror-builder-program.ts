import { parseArgs } from 'node:util';
import type { Digest } from '../../src/errors/ids.js';
import { createMirror } from '../../src/repo/create-mirror.js';
import { createTrustingTemplateShell } from '../fakes/trusting-template-shell.js';

/** Builds one repo and prints each line of progress: to be killed in the middle. */
async function main(): Promise<void> {
  const text = { type: 'string', default: '' } as const;
  const { values } = parseArgs({
    options: { home: text, project: text, cache: text, repo: text, 'home-key': text },
  });
  const mirror = createMirror({
    home: values.home,
    homeKey: values['home-key'],
    projectRoot: values.project,
    templateShell: createTrustingTemplateShell(),
    helperCommand: ['false'],
    version: '0.0.0-test',
    cacheFolder: values.cache,
  });
  const options = { template: 'aa'.repeat(32) as Digest, rehearsal: false };
  await mirror.ensureRepo(
    values.repo,
    options,
    () => Promise.resolve(),
    (line) => process.stdout.write(`${line}\n`),
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
  process.exitCode = 1;
});
