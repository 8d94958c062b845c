import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, expect } from 'vitest';
import { OwnMounts } from './converge-own-mounts.js';
import { describeInTurns } from './converge-support.js';

const CHANGED = ['would-change', 'changed', 'unchanged'];
const UID = 4242;
const KEY = `ssh-ed25519 ${'A'.repeat(68)} ops@desk`;
const OTHER = `ssh-ed25519 ${'B'.repeat(68)} other@desk`;

describeInTurns('authorized keys', (shell, it) => {
  let own: OwnMounts;

  beforeEach(async () => {
    own = await OwnMounts.make(shell);
    chmodSync(own.path('.'), 0o755);
    mkdirSync(own.path('home'));
    chownSync(own.path('home'), UID, UID);
    appendFileSync(`${own.etc}/passwd`, `bde-demo:x:${UID}:${UID}::${own.path('home')}:/usr/sbin/nologin\n`);
    appendFileSync(`${own.etc}/group`, `bde-demo:x:${UID}:\n`);
  });
  afterEach(() => own.remove());

  const key = (extra: object = {}) => ({ authorized_key: 'ops', user: 'bde-demo', key: KEY, ...extra });
  const read = () => readFileSync(own.path('home/.ssh/authorized_keys'), 'utf8');
  const write = (content: string) => {
    mkdirSync(own.path('home/.ssh'), { recursive: true, mode: 0o700 });
    writeFileSync(own.path('home/.ssh/authorized_keys'), content, { mode: 0o600 });
    for (const name of ['home/.ssh', 'home/.ssh/authorized_keys']) chownSync(own.path(name), UID, UID);
  };
  const modes = () =>
    ['home/.ssh', 'home/.ssh/authorized_keys'].map((name) => {
      const { mode, uid, gid } = statSync(own.path(name));
      return [(mode & 0o777).toString(8), uid, gid];
    });

  it('are laid with folder and file as sshd wants them', () => {
    expect(own.outcomes(key())).toEqual(CHANGED);
    expect(read()).toBe(`${KEY}\n`);
    expect(modes()).toEqual([
      ['700', UID, UID],
      ['600', UID, UID],
    ]);
  });

  it('stand beside those of others, and comments', () => {
    write(`# mine\n${OTHER}`);

    const script = own.compile([key()]);
    const { lines } = own.run(script);

    expect(read()).toBe(`# mine\n${OTHER}\n${KEY}\n`);
    expect(lines[0]?.diff).toContain(`+${KEY}`);
  });

  it('are the only ones where they are exclusive', () => {
    write(`# mine\n${OTHER}\n`);

    expect(own.outcomes(key({ exclusive: true }))).toEqual(CHANGED);
    expect(read()).toBe(`${KEY}\n`);
  });

  it('get other options and comments in their place, once', () => {
    write(`from="10.0.0.1"\t${KEY.replace('ops@desk', 'old')}\n${OTHER}\nno-pty ${KEY}\n`);

    expect(own.outcomes(key({ options: 'from="10.0.0.0/8",command="echo \\"a b\\""' }))).toEqual(CHANGED);
    expect(read()).toBe(`from="10.0.0.0/8",command="echo \\"a b\\"" ${KEY}\n${OTHER}\n`);
  });

  it('are several of one resource', () => {
    write(`${OTHER}\n`);

    expect(own.outcomes(key({ key: [KEY, OTHER] }))).toEqual(CHANGED);
    expect(read()).toBe(`${OTHER}\n${KEY}\n`);
  });

  it('go, whatever their options and comments, and the others stay', () => {
    write(`no-pty ${KEY} more\n#${KEY}\n${OTHER}\n`);

    expect(own.outcomes(key({ state: 'absent' }))).toEqual(CHANGED);
    expect(read()).toBe(`#${KEY}\n${OTHER}\n`);
  });

  it('that are to be absent need no file, no home and no user', () => {
    const told = [key({ state: 'absent' }), key({ state: 'absent', user: 'bde-none' })].map((each) =>
      own.outcomes(each),
    );

    expect(told.flat()).toEqual(Array(6).fill('unchanged'));
    expect(existsSync(own.path('home/.ssh'))).toBe(false);
  });

  it('get their modes and owners back', () => {
    write(`${KEY}\n`);
    chownSync(own.path('home/.ssh'), 0, 0);
    chmodSync(own.path('home/.ssh/authorized_keys'), 0o664);

    const told = own.converge(key());

    expect(told.map(([outcome]) => outcome)).toEqual(CHANGED);
    expect(told[1]?.[1]).toBe('owner root instead of bde-demo, mode 664 instead of 600');
    expect(modes()).toEqual([
      ['700', UID, UID],
      ['600', UID, UID],
    ]);
  });

  it.each([
    ['.ssh', 'home/.ssh', 'directory'],
    ['authorized_keys', 'home/.ssh/authorized_keys', 'file'],
  ])('are refused where the user made a link of %s, and what it leads to stays', (_name, name, kind) => {
    write('');
    own.sh(`rm -rf ${own.path(name)} && mkdir elsewhere`);
    symlinkSync(own.path('elsewhere'), own.path(name));

    const told = own.converge(key());

    expect(told[1]).toEqual(['failed', `${own.path(name)} is no ${kind}`]);
    expect(own.sh('ls -A elsewhere')).toBe('');
  });

  it('are refused without the user or its home, and not known yet in a check', () => {
    own.sh('rmdir home');
    const none = key({ user: 'bde-none' });
    const later = own.compile([{ execute: 'x', command: 'true', creates: '@/never' }, none]);

    expect(own.converge(none)[1]).toEqual(['failed', 'there is no user bde-none']);
    expect(own.converge(key())[1]).toEqual(['failed', `${own.path('home')}, the home of bde-demo, is absent`]);
    expect(own.run(later, 'check').lines[1]).toMatchObject({
      outcome: 'unknown',
      detail: 'there is no user bde-none, depends on execute[x]',
    });
  });
});
