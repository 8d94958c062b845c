import { describe, expect, it } from 'vitest';
import { cookbookLayer } from '../../../../src/cookbook/attribute-layers.js';
import { compileProbe } from '../../../../src/cookbook/compile-probe.js';
import { compileRun } from '../../../../src/cookbook/compile-run.js';
import { lintCookbook } from '../../../../src/cookbook/lint/lint-cookbook.js';
import { mergeAttributes } from '../../../../src/cookbook/merge-attributes.js';
import { NEW_COOKBOOK_NAME, newCookbook } from '../../../../src/cookbook/scaffold/new-cookbook.js';
import { compileInput, cookbookSource, makeCookbook, nodeView } from '../cookbook-support.js';

describe('a new cookbook', () => {
  it('passes lint without a remark', () => {
    const findings = lintCookbook(cookbookSource('web_2', newCookbook('web_2')), { others: [], together: [] });

    expect(findings).toEqual([]);
  });

  it('compiles, with its probe, for a node of its role', () => {
    const cookbook = makeCookbook('web', newCookbook('web'));
    const { attributes } = mergeAttributes([cookbookLayer([cookbook])]);
    const input = compileInput({ role: 'web', nodes: [nodeView(0, { roles: ['web'] })], attributes });

    expect(compileRun(input, [cookbook]).resources.map(({ id }) => id)).toEqual([
      'user[web]',
      'directory[/etc/web]',
      'template[/etc/web/settings.conf]',
      'systemd_unit[web]',
      'service[web]',
    ]);
    expect(compileProbe(input, [cookbook], 'ready')?.text).toContain('systemctl is-active --quiet web');
  });

  it.each(['Web', '1web', 'web-server', 'web/..', '', `a${'b'.repeat(31)}`])('may not be called %j', (name) => {
    expect(NEW_COOKBOOK_NAME.test(name)).toBe(false);
  });
});
