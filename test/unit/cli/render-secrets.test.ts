import { describe, expect, it } from 'vitest';
import { renderSecrets } from '../../../src/cli/render-secrets.js';
import type { SecretLine } from '../../../src/cli/services/list-secrets.js';

const LINE: SecretLine = {
  name: 'generated.vault.key',
  origin: 'generated',
  source: 'vault.key',
  setAt: null,
  rotates: true,
  roles: ['agent', 'vault'],
  nodes: ['lab-v-0', 'lab-v-1', 'lab-v-2', 'lab-v-3'],
};

describe('renderSecrets', () => {
  it('names few nodes, counts many, and says what is not known yet', () => {
    const secrets = [LINE, { ...LINE, name: 'generated.vault.other', nodes: ['lab-v-0'] }];

    const lines = renderSecrets({
      formatVersion: 1,
      cluster: 'lab',
      secrets,
      waiting: [{ role: 'agent', node: 'lab-a-0' }],
    });

    expect(lines).toEqual([
      'NAME                   ORIGIN     SOURCE     SET AT  ROLES        NODES',
      'generated.vault.key    generated  vault.key  -       agent,vault  4 nodes',
      'generated.vault.other  generated  vault.key  -       agent,vault  lab-v-0',
      '',
      'What these need is known once they have converged: agent on lab-a-0.',
    ]);
  });
});
