import { describe, expect, it } from 'vitest';
import { compileProbe } from '../../../src/cookbook/compile-probe.js';
import { secretToken } from '../../../src/cookbook/secret-token.js';
import { compileInput, errorOf, makeCookbook } from './cookbook-support.js';

const probeOf = (command: string, timeoutSeconds = 5) => {
  const role = { summary: 'x', runList: [], ready: { probe: { command, timeoutSeconds } } };
  const cookbook = makeCookbook('demo', { 'roles/demo.yaml': JSON.stringify(role) });
  return compileProbe(compileInput({ attributes: { demo: { secret: secretToken('s') } } }), [cookbook], 'ready');
};

describe('compileProbe', () => {
  it('renders the command for the node, as one word for a shell of its own', () => {
    expect(probeOf("curl {{node.address}} 'x'")).toEqual({
      text: `PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
export PATH
exec 4>&1
status=$( { { timeout -k 2 5 sh -c 'curl 10.0.0.10 '\\''x'\\''' </dev/null 2>&1; echo "$?" >&3; } | tail -c 4096 >&4; } 3>&1)
exit "$status"`,
      timeoutMs: 10_000,
      command: "curl 10.0.0.10 'x'",
      place: 'cookbooks/demo/roles/demo.yaml:1:58',
    });
  });

  it('is null where the role has no such probe', () => {
    const cookbook = makeCookbook('demo', { 'roles/demo.yaml': 'summary: x\nrunList: []\n' });

    expect(compileProbe(compileInput(), [cookbook], 'acceptance')).toBeNull();
  });

  it('refuses a secret, for the command is an argument that everyone sees', () => {
    expect(errorOf(() => probeOf('x {{attributes.secret}}')).message).toBe('The ready probe of demo holds a secret');
  });
});
