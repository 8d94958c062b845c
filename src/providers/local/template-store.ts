import { rm } from 'node:fs/promises';
import type { TemplateStore } from '../../engine/ports/provider.js';
import { BdeError } from '../../errors/bde-error.js';
import type { LocalHome } from './local-home.js';
import { readMachineRecords } from './machine-record.js';
import { findImage, readTemplates } from './template-files.js';

/** Templates of this home. The host's cache, which other homes share, is left alone. */
export function templateStore(home: LocalHome): TemplateStore {
  return {
    listTemplates: () => readTemplates(home.templatesDir),
    async deleteTemplate(digest, guard) {
      const users = (await readMachineRecords(home)).filter((record) => record.template === digest);
      if (users.length > 0) {
        const names = users.map((record) => record.mark.nodeName).sort();
        throw new BdeError(
          'PROVIDER_FAILED',
          `template ${digest.slice(0, 12)} carries ${names.length} machines: ${names.join(', ')}`,
          {
            hint: 'Delete their clusters first.',
          },
        );
      }
      const image = await findImage(home.templatesDir, digest);
      if (image === undefined) return;
      await guard();
      await rm(image, { force: true });
    },
  };
}
