import { describe, expect, it } from 'vitest';
import { SUBJECT_NAMES } from '../../../../bench/converge/options.mjs';
import { createSubjects } from '../../../../bench/converge/subjects/subjects.mjs';
import { workload } from '../../../../bench/converge/workload.mjs';

const MEMBERS = [{ name: 'peers-node-0', address: '10.0.0.10', index: 1 }];

function subjectsOf(variant: string, names: readonly string[], profile = '') {
  const bench = {
    resources: workload(variant),
    members: MEMBERS,
    access: { key: '/keys/login', knownHosts: '/keys/known_hosts' },
    sandbox: { program: '/project/bin/bde', environment: { BDE_HOME: '/home' } },
    cluster: 'peers',
    folder: '/bench',
    profile,
  };
  return createSubjects(bench, names);
}

describe('createSubjects', () => {
  it('knows every tool that can be asked for', () => {
    const names = subjectsOf('plain', SUBJECT_NAMES).map(({ name }) => name);

    expect(names).toEqual(SUBJECT_NAMES);
  });

  it('converges the whole cluster, or the role of the work alone', () => {
    const commands = subjectsOf('plain', ['bde', 'bde-role']).map((subject) => subject.command('second').argv.slice(1));

    expect(commands).toEqual([
      ['cluster', 'converge', 'peers'],
      ['cluster', 'converge', 'peers', '--role', 'wbench'],
    ]);
  });

  it('asks the role alone for no first run where packages are to be installed, and for no line', () => {
    expect(subjectsOf('packages', ['bde-role'])[0]).toMatchObject({ phases: ['second'] });
    expect(subjectsOf('plain', ['bde-role'])[0]).toMatchObject({ phases: ['first', 'second'] });
  });

  it('changes the line by the command that changes settings', () => {
    const [subject] = subjectsOf('plain', ['bde']);

    expect(subject?.command('line').argv.slice(1, 4)).toEqual(['cluster', 'config', 'peers']);
  });

  it('takes profiles where they are asked for, in a folder for each tool and phase', () => {
    const [subject] = subjectsOf('plain', ['bde'], '/profiles');

    expect(subject?.command('first').environment).toMatchObject({
      BDE_HOME: '/home',
      BDE_BENCH_PROFILE: '/profiles/bde-first',
    });
  });

  it('reaches nodes over new connections, or over those that are open', () => {
    const controls = subjectsOf('plain', ['raw-batched', 'raw-open']).map(({ command }) => command('first').argv[4]);

    expect(controls).toEqual(['none', '/bench/control']);
  });
});
