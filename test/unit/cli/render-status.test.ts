import { describe, expect, it } from 'vitest';
import { renderStatus } from '../../../src/cli/render-status.js';
import type { NodeLook } from '../../../src/engine/operations/look-at-nodes.js';
import type { NodeName } from '../../../src/errors/ids.js';

function look(index: number, given: Partial<NodeLook> = {}): NodeLook {
  const node = `lab-web-${String(index)}` as NodeName;
  const roles = [{ role: 'web', isReady: given.health === undefined, said: null }];
  return { node, machine: 'on', health: 'healthy', why: null, roles, behind: [], ...given };
}

function render(nodes: readonly NodeLook[]): readonly string[] {
  return renderStatus({ name: 'lab', state: 'RUNNING', isProtected: false, nodes, certificates: null });
}

describe('renderStatus', () => {
  it('gives no advice where all nodes are well or stopped on purpose', () => {
    expect(render([look(0), look(1, { health: 'stopped', machine: 'off', why: 'it is stopped on purpose' })])).toEqual([
      'lab  RUNNING',
      '',
      'NODE       MACHINE  HEALTH   READY  WHY',
      'lab-web-0  on       healthy  web    -',
      'lab-web-1  off      stopped  -      it is stopped on purpose',
    ]);
  });

  it('advises to fix nodes that are broken', () => {
    expect(
      render([look(0), look(1, { health: 'gone', machine: 'absent', why: 'it has no machine' })]).slice(4),
    ).toEqual([
      'lab-web-1  absent   gone     -      it has no machine',
      '',
      '1 of 2 nodes are not well: bde cluster fix lab --plan',
    ]);
  });

  it('does not advise to fix nodes that a failed change did not reach', () => {
    const nodes = [look(0), look(1, { health: 'unhealthy', why: 'web: refused', behind: ['web'] })];

    expect(render(nodes).slice(5)).toEqual([
      '',
      '1 of 2 nodes do not have the settings yet by which they were asked:',
      '  bde cluster resume lab goes on with the change, bde cluster upgrade lab --rollback takes it back.',
    ]);
  });

  it('says what is behind on a node that is well', () => {
    expect(render([look(0, { behind: ['web'] })])[3]).toBe('lab-web-0  on       healthy  web    not as wanted: web');
  });
});
