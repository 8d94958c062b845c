// The twelve files of the workload, 0.3 to 6 KB as a node has them. Lines are those of template.mjs.

const ETC = '/etc/wbench';
const NODE = [
  ['# ', { value: 'node_name' }, ' (', { value: 'node_index' }, ')'],
  ['address = ', { value: 'node_addr' }],
];

/** Two loop over the members, one is JSON, one has mode 0640, one belongs to the user, one brings the attribute. */
export const TEMPLATES = [
  {
    id: 'hosts',
    path: `${ETC}/hosts`,
    lines: [['127.0.0.1 localhost'], { each: [{ member: 'address' }, ' ', { member: 'name' }] }, ['# end']],
  },
  {
    id: 'peers',
    path: `${ETC}/peers.conf`,
    lines: [
      ...NODE,
      { each: ['peer.', { member: 'index' }, ' = ', { member: 'name' }, ' at ', { member: 'address' }, ':7373'] },
    ],
  },
  { id: 'settings.json', path: `${ETC}/settings.json`, lines: jsonLines() },
  {
    id: 'daemon',
    path: `${ETC}/daemon.conf`,
    lines: [...NODE, ['greeting = ', { value: 'greeting' }], ['port = 7373']],
  },
  { id: 'credentials', path: `${ETC}/credentials.conf`, mode: '0640', lines: [...NODE, ...numbered('key', 6)] },
  {
    id: 'queue',
    path: '/var/lib/wbench/queue.conf',
    owner: 'wbench',
    group: 'wbench',
    lines: [...NODE, ...numbered('queue', 10)],
  },
  { id: 'limits', path: `${ETC}/limits.conf`, lines: [...NODE, ...numbered('limit', 5)] },
  { id: 'logging', path: `${ETC}/logging.conf`, lines: [...NODE, ...numbered('logger', 16)] },
  { id: 'routes', path: `${ETC}/routes.conf`, lines: [...NODE, ...numbered('route', 32)] },
  { id: 'features', path: `${ETC}/features.conf`, lines: [...NODE, ...numbered('feature', 50)] },
  { id: 'schedule', path: `${ETC}/schedule.conf`, lines: [...NODE, ...numbered('schedule', 70)] },
  { id: 'policy', path: `${ETC}/policy.conf`, lines: [...NODE, ...numbered('policy', 100)] },
];

/** Lines of about 60 bytes, with the quotes, dollars and backslashes that real files have and quoting may lose. */
function numbered(word, count) {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    return [`${word}.${number} = "it's \${${word.toUpperCase()}_${number}:-default}" \\ 10.0.${index}.0/24`];
  });
}

function jsonLines() {
  return [
    ['{'],
    ['  "node": "', { value: 'node_name' }, '",'],
    ['  "address": "', { value: 'node_addr' }, '",'],
    ['  "index": ', { value: 'node_index' }, ','],
    ['  "limits": ['],
    ...Array.from({ length: 8 }, (_, index) => [`    { "name": "limit-${index + 1}", "value": ${(index + 1) * 64} },`]),
    ['    { "name": "last", "value": 0 }'],
    ['  ]'],
    ['}'],
  ];
}
