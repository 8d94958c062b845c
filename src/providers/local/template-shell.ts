import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TemplateShell } from '../../engine/ports/provider.js';
import { BdeError } from '../../errors/bde-error.js';
import type { LocalHome } from './local-home.js';
import runInTemplate from './run-in-template.sh';
import { findImage } from './template-files.js';

/** Runs commands in throw-away copies of this home's templates; see `run-in-template.sh` for how. */
export function templateShell(home: LocalHome): TemplateShell {
  return {
    async runInTemplate(template, argv, { binds, signal }) {
      const image = await findImage(home.templatesDir, template);
      if (image === undefined) {
        throw new BdeError('PROVIDER_FAILED', `template ${template.slice(0, 12)} is not in this home`, {
          hint: 'Run `bde template build`.',
        });
      }
      const folder = join(home.dataDir, 'shell');
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const namespaces = ['unshare', '--mount', '--propagation', 'private', '--net', '--pid', '--fork', '--kill-child'];
      const script = ['sh', '-c', runInTemplate, 'run-in-template', image, folder, ...binds, '--', ...argv];
      const outcome = await home.run([...namespaces, ...script], signal ? { signal } : {});
      return { ...outcome, exitCode: outcome.exitCode ?? 137 };
    },
  };
}
