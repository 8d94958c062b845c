import fc from 'fast-check';

/** What resources of a test refer to. */
export interface KindSurroundings {
  /** A blank block device. */
  readonly disk: string;
  /** An archive on the node, and a file of the mirror; sha256 of each. */
  readonly archive: { readonly path: string; readonly sha256: string };
  readonly remote: { readonly repo: string; readonly source: string; readonly sha256: string };
  /** A user that has a home. */
  readonly user: string;
}

/** Any resource of a kind; the number tells those of one list apart. `@/` stands for a folder of the test. */
type Maker = (number: number, surroundings: KindSurroundings) => fc.Arbitrary<object>;

/** Kinds that are left out, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  execute: 'without a guard it runs each time, as it should',
  node_certificate:
    'needs a certificate of the node; converge-certificates.test.ts runs it twice under the three shells',
};

/** Kinds of which a list has one at most: the node has one of what they are about. */
const SINGLE: ReadonlySet<string> = new Set(['disk', 'fact', 'firewall', 'hostname']);

const mode = fc.constantFrom('0600', '0644', '0750');
const line = fc
  .array(fc.constantFrom('a', ' ', "'", '"', '\\', '$(id)', '%s', '`', '#', '=', 'é', '*', ';'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => `x${parts.join('')}x`);
const content = fc.oneof(
  fc.constant(''),
  fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n')),
);
const keyOf = (number: number) => `ssh-ed25519 ${String.fromCharCode(65 + number).repeat(68)} k${number}@desk`;
const certificateOf = (number: number) =>
  `-----BEGIN CERTIFICATE-----\nMII${number}${'A'.repeat(40)}\n-----END CERTIFICATE-----\n`;
const some = <Shape extends object>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) =>
  fc.record(shape, { requiredKeys: [] });
const named = (base: object, more: fc.Arbitrary<object> = fc.constant({})) =>
  more.map((rest) => ({ ...base, ...rest }));

/** How each kind is asked for. What stands in for a part of the node that must not be touched is in the test itself. */
export const MAKERS: Readonly<Record<string, Maker>> = {
  archive: (n, { archive }) => named({ archive: `@/archive-${n}`, source: archive.path, sha256: archive.sha256 }),
  authorized_key: (n, { user }) =>
    named(
      { authorized_key: `key-${n}`, user, key: keyOf(n) },
      some({ options: fc.constant('from="10.0.0.0/8",no-pty') }),
    ),
  block_in_file: (n) => fc.record({ block_in_file: fc.constant(`@/blocks-${n}`), content, mode }),
  ca_certificate: (n) => named({ ca_certificate: `ca-${n}`, content: certificateOf(n) }),
  config_map: (n) =>
    fc.record({
      config_map: fc.constant(`@/settings-${n}`),
      format: fc.constantFrom('xml', 'properties', 'ini', 'json', 'yaml'),
      values: fc.dictionary(fc.constantFrom('a', 'b.c', 'd-e'), line, { minKeys: 1 }),
      mode,
    }),
  directory: (n) => named({ directory: `@/directory-${n}/deep` }, some({ mode, recursive: fc.boolean() })),
  disk: (_, { disk }) =>
    fc.record({ disk: fc.constant(disk), fstype: fc.constantFrom('ext4', 'vfat', 'swap'), label: fc.constant('DATA') }),
  fact: () => named({ fact: 'count', command: 'echo 1' }),
  file: (n) => named({ file: `@/file-${n}` }, fc.record({ content, mode })),
  firewall: () => named({ firewall: 'node' }, some({ per_peer: fc.boolean(), ports: fc.constant(['9000', '53/udp']) })),
  group: (n) => named({ group: `bde-g${n}` }, some({ gid: fc.constant(4300 + n) })),
  hostname: () => named({ hostname: '{{node.name}}' }),
  hosts_entries: (n) => named({ hosts_entries: `hosts-${n}` }, some({ scope: fc.constantFrom('roles', 'cluster') })),
  kernel_module: (n) =>
    named(
      { kernel_module: `bde-m${n}` },
      fc.oneof(some({ options: fc.constant('a=1') }), fc.constant({ state: 'blacklisted' })),
    ),
  line_in_file: (n) => fc.record({ line_in_file: fc.constant(`@/lines-${n}`), line }),
  link: (n) => fc.record({ link: fc.constant(`@/link-${n}`), to: fc.constantFrom('..', 'nowhere', 'a b') }),
  mount: (n) =>
    named(
      { mount: `@/mount ${n}`, device: 'tmpfs', fstype: 'tmpfs' },
      fc.record({
        options: fc.constantFrom('size=1m', 'size=1m,noexec'),
        state: fc.constantFrom('mounted', 'present'),
      }),
    ),
  package: (n) => named(n === 0 ? { package: 'alpha' } : { package: 'gone', state: 'absent' }),
  package_repo: (n) => named({ package_repo: `repo-${n}`, url: `https://repo.example/${n}/`, gpg_key: '/etc/key' }),
  remote_file: (n, { remote }) => named({ remote_file: `@/remote-${n}`, ...remote }, some({ mode })),
  service: (n) => named({ service: `svc-${n}` }, some({ state: fc.constantFrom('running', 'stopped', 'masked') })),
  sysctl: (n) =>
    n === 0
      ? fc.record({ sysctl: fc.constant('net.ipv4.ip_forward'), value: fc.constantFrom('0', '1') })
      : fc.record({
          sysctl: fc.constant('net.ipv4.ip_local_port_range'),
          value: fc.constantFrom('20000 30000', '1024 60999'),
        }),
  systemd_unit: (n) =>
    named(
      { systemd_unit: `unit-${n}`, content: '[Service]\nExecStart=/bin/true\n' },
      some({ drop_in: fc.constant('own') }),
    ),
  template: (n) => named({ template: `@/template-${n}` }, fc.record({ content, mode, seed: fc.boolean() })),
  timer: (n) =>
    named(
      { timer: `timer-${n}`, command: 'rm -rf "/tmp/$USER"' },
      fc.constantFrom({ on_calendar: 'daily' }, { every: '1h', on_boot: '5min' }),
    ),
  user: (n) =>
    named(
      { user: `bde-u${n}` },
      some({ comment: line, groups: fc.constant(['daemon']), shell: fc.constant('/bin/sh') }),
    ),
  wait_for: (n) => named({ wait_for: `wait-${n}` }, fc.constantFrom({ file: '/etc' }, { command: 'true' })),
};

/** What may stand beside any of them, beside some in fact, for a bound takes time; a fact has no guard. */
const limits = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: some({ retry: fc.constant({ times: 1, delay_seconds: 0 }), timeout: fc.constant(60) }) },
);
const guard = some({ only_if: fc.constant('true'), not_if: fc.constant('false') });

/** A list over these kinds, two of each where there may be two, in any order. */
export function listOfKinds(kinds: readonly string[], surroundings: KindSurroundings): fc.Arbitrary<readonly object[]> {
  const resources = kinds.flatMap((kind) => {
    const make = MAKERS[kind];
    if (make === undefined) throw new TypeError(`nothing makes a resource of the kind ${kind}`);
    return (SINGLE.has(kind) ? [0] : [0, 1]).map((number) =>
      fc
        .tuple(make(number, surroundings), limits, kind === 'fact' ? fc.constant({}) : guard)
        .map(([resource, bounds, guards]) => ({ ...resource, ...bounds, ...guards })),
    );
  });
  return fc.tuple(...resources).chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));
}
