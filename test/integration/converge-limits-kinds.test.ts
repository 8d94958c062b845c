import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RESOURCE_KINDS } from '../../src/cookbook/resources/resource-kinds.js';
import { compileCase, readCase, RESOURCE_CASES } from '../unit/cookbook/resource-cases.js';
import { BodyRunner, SHELLS } from './converge-support.js';

/** They end what they run themselves, and say so in their own words: converge-limits.test.ts. */
const BOUND_THEMSELVES: ReadonlySet<string> = new Set(['execute', 'wait_for']);

const KINDS = RESOURCE_KINDS.map(({ kind }) => kind);
const shells = Object.values(SHELLS);
/** Each kind under one of the shells by turns, or under all of them. */
const turns = KINDS.flatMap((kind, index) =>
  (process.env['BDE_TEST_ALL'] === '1' ? shells : [shells[index % shells.length] ?? []]).map((shell) => ({
    kind,
    shell,
  })),
);

/** The script of the first fixture of a kind that makes resources, each of which has these limits. */
function scriptOf(kind: string, limits: object): string {
  for (const { file } of RESOURCE_CASES.filter((each) => each.kind === kind)) {
    const { given, input = {}, script = [] } = readCase(file);
    if (!script.some((line) => line.startsWith('bde_resource'))) continue;
    return compileCase({ given: given.map((resource) => ({ ...resource, ...limits })), input }).script;
  }
  throw new Error(`no fixture of ${kind} makes a resource`);
}

/** The same script with other functions for all of its resources, whose arguments and declarations stay. */
function withFunctions(script: string, functions: (name: string) => string): string {
  const calls = [...script.matchAll(/^bde_resource (?:'(?:[^']|'\\'')*'|\S+) (\w+)/gm)];
  const names = new Set(calls.map((call) => call[1] ?? ''));
  const start = script.search(
    /^bde_(?:list_\w+\(\)|content_\d+\(\)|resource |creates |only_if |not_if |raises |retry |timeout )/m,
  );
  return [script.slice(0, start), ...[...names].map(functions), script.slice(start)].join('\n');
}

describe.each(turns)('a $kind under $shell', ({ kind, shell }) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
  });
  afterEach(() => {
    runner.remove();
  });

  it('is tried as often as it says, and is as wanted in the end', () => {
    const marks = (name: string) => `
${name}_probe() { bde_why=wanted; bde_try_file="$BDE_DIR/$(printf %s "$bde_id" | cksum | tr ' ' _)"; [ -e "$bde_try_file.done" ]; }
${name}_act() {
  echo try >>"$bde_try_file"
  [ "$(wc -l <"$bde_try_file")" -ge 3 ] || { bde_detail='not yet'; return 1; }
  : >"$bde_try_file.done"
}`;
    const limits = { retry: { times: 2, delay_seconds: 0 }, timeout: 60 };

    const { lines, exitCode, stderr } = runner.run(withFunctions(scriptOf(kind, limits), marks), { shell });

    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatchObject({ outcome: 'changed', tries: 3, detail: 'wanted' });
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  it.skipIf(BOUND_THEMSELVES.has(kind))('is ended with all that it started where its time is over', () => {
    const log = join(runner.folder, 'log');
    const hang = (name: string) => `
${name}_probe() { bde_why=wanted; return 1; }
${name}_act() { : >"$BDE_DIR/hangs"; tail -f ${log} & tail -f ${log}; }`;
    // The time is over once the act hangs, and not before.
    const before = 'sleep() { until [ -e "$BDE_DIR/hangs" ]; do command sleep 0.02; done; }';
    writeFileSync(log, '');

    const result = runner.run(withFunctions(scriptOf(kind, { timeout: 1 }), hang), { shell, before });

    expect(result.lines[0]).toMatchObject({ outcome: 'failed', detail: 'not done after 1 s' });
    expect([result.exitCode, result.stderr]).toEqual([1, '']);
    const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
    expect(left.filter((line) => line.includes(log))).toEqual([]);
  });
});

describe('kinds that bound themselves', () => {
  it.each(KINDS)('are told of by their scripts: %s', (kind) => {
    expect(scriptOf(kind, { timeout: 1 }).includes('\nbde_timeout 1\n')).toBe(!BOUND_THEMSELVES.has(kind));
  });
});
