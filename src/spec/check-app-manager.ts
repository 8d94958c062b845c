import type { BdeError } from '../errors/bde-error.js';
import type { ResolveInput } from './resolve-input.js';

/** Refuses what another application manager should deploy; `Default` is this program. */
export function checkAppManager({
  spec,
  appManager = 'Default',
  source,
  specLabel,
}: ResolveInput): readonly BdeError[] {
  const foreign = [spec.appManager, appManager].find((name) => name.toLowerCase() !== 'default');
  if (foreign === undefined) return [];
  return [
    source.finding(['appManager'], {
      code: 'FIELD_INVALID',
      message: `spec ${specLabel} is for the application manager "${foreign}"; allowed is "Default"`,
      hint: 'Choose a spec whose software this program deploys itself; "bde spec list" shows them.',
    }),
  ];
}
