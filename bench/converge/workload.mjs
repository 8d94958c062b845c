import { TEMPLATES } from './workload-templates.mjs';

/** The port that the workload's daemon listens on. */
export const PORT = 7373;

const ETC = '/etc/wbench';
const STATE = '/var/lib/wbench';
const USER = 'wbench';
const UNIT = 'wbench.service';

/** What is already there when a first run begins: it brings the daemon. */
const TOOLS = 'wbench-tools';
/** What the package-heavy variant installs from the mirror beside it. */
const EXTRA_PACKAGES = Array.from({ length: 12 }, (_, index) => `wbench-extra-${String(index + 1).padStart(2, '0')}`);

/** What one run after the other sets the attribute to: the one line that changes. */
export const GREETINGS = { first: 'good morning', changed: 'good evening' };

/** Values that templates may use beside `members`: the node's own, and the attribute. */
export const VALUES = ['node_name', 'node_addr', 'node_index', 'greeting'];

/** Variants of the workload, by name: the packages that each adds. */
const VARIANTS = { plain: [], packages: EXTRA_PACKAGES };

/**
 * One thing that is to be so on a node; which of the fields are there follows from the kind.
 *
 * @typedef {object} Resource
 * @property {string} id
 * @property {string} kind
 * @property {string} [name] of a user, a unit, a service
 * @property {string} [path] of a directory, a template, a line's file
 * @property {string} [owner]
 * @property {string} [group]
 * @property {string} [mode] octal
 * @property {string} [home]
 * @property {string} [shell]
 * @property {readonly string[]} [names] of packages
 * @property {readonly import('./template.mjs').Line[]} [lines] of a template, a unit
 * @property {string} [key]
 * @property {string} [line]
 * @property {string | readonly import('./template.mjs').Part[]} [command] a text of sh; words in a check
 * @property {string} [creates]
 * @property {readonly string[]} [restartedBy] ids
 * @property {number} [port]
 * @property {number} [withinSeconds]
 */

/**
 * The workload: what is to be so on every node, in order. All four generators take their work from this list, so none
 * does less than another. Strings in `{{…}}` of checks name values of the node.
 *
 * @param {string} variant one of `VARIANT_NAMES`
 * @returns {readonly Resource[]}
 */
export function workload(variant = 'plain') {
  return [
    { id: 'account', kind: 'user', name: USER, home: STATE, shell: '/usr/sbin/nologin' },
    directory('settings', ETC),
    directory('programs', '/opt/wbench'),
    directory('state', STATE, { owner: USER, group: USER }),
    directory('private', `${STATE}/private`, { owner: USER, group: USER, mode: '0750' }),
    { id: 'packages', kind: 'packages', names: [TOOLS, ...VARIANTS[variant]] },
    ...TEMPLATES.map((template) => ({ kind: 'template', owner: 'root', group: 'root', mode: '0644', ...template })),
    lineInFile('workers', 'workers=4'),
    lineInFile('level', 'log_level=info'),
    {
      id: 'marker',
      kind: 'command',
      command: `printf 'initialised\\n' >${STATE}/.initialised`,
      creates: `${STATE}/.initialised`,
    },
    { id: 'current', kind: 'command', command: `ln -s ${ETC} /opt/wbench/current`, creates: '/opt/wbench/current' },
    { id: 'unit', kind: 'unit', name: UNIT, lines: UNIT_LINES },
    { id: 'service', kind: 'service', name: UNIT, restartedBy: ['daemon', 'unit'] },
    { id: 'port', kind: 'port', port: PORT, withinSeconds: 30 },
    { id: 'has user', kind: 'check', command: ['id', '-u', USER] },
    { id: 'knows itself', kind: 'check', command: ['grep', '-qF', { value: 'node_name' }, `${ETC}/hosts`] },
    { id: 'has peers', kind: 'check', command: ['test', '-s', `${ETC}/peers.conf`] },
  ];
}

export const VARIANT_NAMES = Object.keys(VARIANTS);

/**
 * Resources of one kind, in order.
 *
 * @param {readonly Resource[]} resources
 * @param {string} kind
 */
export function ofKind(resources, kind) {
  return resources.filter((resource) => resource.kind === kind);
}

function directory(id, path, { owner = 'root', group = 'root', mode = '0755' } = {}) {
  return { id, kind: 'directory', path, owner, group, mode };
}

/** The line that begins with the key of `line` is to be `line`; file and line are made where they are missing. */
function lineInFile(id, line) {
  return { id, kind: 'line', path: `${ETC}/tuning.conf`, key: line.split('=')[0], line };
}

// Type=notify: a restart is over when the new daemon listens, whichever tool asked for it.
const UNIT_LINES = [
  ['[Unit]'],
  ['Description=Workload of the benchmark on ', { value: 'node_name' }],
  ['[Service]'],
  ['Type=notify'],
  ['NotifyAccess=main'],
  [`User=${USER}`],
  [`ExecStart=/usr/lib/wbench/daemon ${ETC}/daemon.conf`],
  ['[Install]'],
  ['WantedBy=multi-user.target'],
];
