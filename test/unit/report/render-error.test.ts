import { describe, expect, it } from 'vitest';
import { BdeError } from '../../../src/errors/bde-error.js';
import { retell } from '../../../src/errors/retell.js';
import { Secret } from '../../../src/errors/secret.js';
import { renderError, renderErrorDebug, renderErrorLine } from '../../../src/report/render-error.js';

const NOT_READY = new BdeError('READY_TIMEOUT', 'zookeeper on zk-2 was not ready within 60 s.', {
  subject: { cluster: 'mesos-basic', node: 'zk-2', role: 'zookeeper' },
  hint: 'See bde cluster logs mesos-basic zk-2, then run bde cluster resume mesos-basic.',
});

function refused(node: string): BdeError {
  return new BdeError('CONNECT_FAILED', `The node ${node} did not answer on port 22 within 60 s.`, {
    subject: { node },
  });
}

describe('renderErrorLine', () => {
  it('gives code and message on one line', () => {
    expect(renderErrorLine(NOT_READY)).toBe('READY_TIMEOUT: zookeeper on zk-2 was not ready within 60 s.');
  });

  it('says of anything else that it is internal', () => {
    expect(renderErrorLine(new TypeError('x is\nundefined'))).toBe('internal error: x is undefined');
  });
});

describe('renderError', () => {
  it('says what failed, where, and what to do next', () => {
    expect(renderError(NOT_READY)).toEqual([
      'error: zookeeper on zk-2 was not ready within 60 s. [READY_TIMEOUT]',
      '  where:  cluster mesos-basic, node zk-2, role zookeeper',
      '  next:   See bde cluster logs mesos-basic zk-2, then run bde cluster resume mesos-basic.',
    ]);
  });

  it('says what followed by itself before what to do next', () => {
    const error = retell(NOT_READY, { aftermath: 'Operation B rolled back 1 node.', hint: 'Give another value.' });

    expect(renderError(error).slice(-2)).toEqual([
      '  then:   Operation B rolled back 1 node.',
      '  next:   Give another value.',
    ]);
  });

  it('names file, line and column where the message does not', () => {
    const error = new BdeError('SPEC_INVALID', 'Group zk has no role.', {
      subject: { file: 'a.json', line: 3, column: 14 },
    });

    expect(renderError(error)[1]).toBe('  where:  a.json:3:14');
  });

  it('does not repeat a position that the message begins with', () => {
    const error = new BdeError('SPEC_INVALID', 'a.json:3:14: no role.', {
      subject: { file: 'a.json', line: 3, column: 14 },
    });

    expect(renderError(error)).toEqual(['error: a.json:3:14: no role. [SPEC_INVALID]']);
  });

  it('shows the last lines of what a command said', () => {
    const stderr = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join('\n');
    const error = new BdeError('CONVERGE_FAILED', 'package[zookeeper] failed.', { data: { stderr, stdout: 'other' } });

    const lines = renderError(error);

    expect(lines.slice(1, 3)).toEqual(['  last 12 of 20 lines of output:', '    | line 9']);
    expect(lines.at(-1)).toBe('    | line 20');
  });

  it('groups failures of one cause and names their nodes', () => {
    const disk = new BdeError('PROVIDER_FAILED', 'The disk is full.', {
      hint: 'Free 2 GiB.',
      subject: { node: 'zk-9' },
    });
    const error = new BdeError('PROVIDER_FAILED', '3 of 5 nodes failed.', {
      failures: [disk, refused('zk-1'), refused('zk-2')],
    });

    expect(renderError(error)).toEqual([
      'error: 3 of 5 nodes failed. [PROVIDER_FAILED]',
      '  - The node zk-1 did not answer on port 22 within 60 s. [CONNECT_FAILED] (2 times)',
      '    on zk-1, zk-2',
      '  - The disk is full. [PROVIDER_FAILED]',
      '    on zk-9',
      '    next: Free 2 GiB.',
    ]);
  });

  it('names twelve nodes of a cause and counts the rest', () => {
    const failures = Array.from({ length: 15 }, (_, index) => refused(`n-${index + 1}`));
    const error = new BdeError('CONNECT_FAILED', '15 nodes failed.', { failures });

    expect(renderError(error)[2]).toBe(
      '    on n-1, n-2, n-3, n-4, n-5, n-6, n-7, n-8, n-9, n-10, n-11, n-12 and 3 more',
    );
  });

  it('takes failures inside failures apart', () => {
    const inner = new BdeError('CONVERGE_FAILED', 'Two roles failed.', { failures: [refused('zk-1')] });
    const error = new BdeError('CONVERGE_FAILED', 'The cluster failed.', { failures: [inner] });

    expect(renderError(error)[1]).toBe('  - The node zk-1 did not answer on port 22 within 60 s. [CONNECT_FAILED]');
  });

  it('calls an unexpected error a bug and asks for a report', () => {
    expect(renderError(new TypeError('x is undefined'))).toEqual([
      'internal error: x is undefined',
      '  next:   this is a bug in bde; run the same command with --debug and report its whole output',
    ]);
  });

  it('lets no control sequence of a node through', () => {
    const error = new BdeError('CONVERGE_FAILED', 'bad \u001b[2Jfile', { data: { stderr: 'x\u001b]0;title\u0007y' } });

    expect(renderError(error)).toEqual(['error: bad file [CONVERGE_FAILED]', '  output:', '    | xy']);
  });
});

describe('renderErrorDebug', () => {
  it('adds stack, data and every cause', () => {
    const error = new BdeError('CONNECT_LOST', 'The connection ended.', {
      data: { port: 22 },
      cause: new Error('socket hang up', { cause: 'ECONNRESET' }),
    });

    const text = renderErrorDebug(error).join('\n');

    expect(text).toContain('BdeError: The connection ended.');
    expect(text).toContain('render-error.test.ts');
    expect(text).toContain('data: { port: 22 }');
    expect(text).toContain('caused by:\nError: socket hang up');
    expect(text).toContain("caused by:\n'ECONNRESET'");
  });

  it('shows no secret that an error carries', () => {
    const error = new BdeError('CONVERGE_FAILED', 'x', { data: { password: new Secret('hunter2') } });

    const text = renderErrorDebug(error).join('\n');

    expect(text).toContain('[secret]');
    expect(text).not.toContain('hunter2');
  });
});
