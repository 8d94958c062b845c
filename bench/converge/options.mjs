import { parseArgs } from 'node:util';
import { VARIANT_NAMES } from './workload.mjs';

export const SUBJECT_NAMES = [
  'bde',
  'bde-role',
  'bde-exec',
  'raw',
  'raw-batched',
  'raw-open',
  'pyinfra',
  'mitogen',
  'ansible-pipelining',
  'ansible',
];

export const PHASE_NAMES = ['first', 'second', 'line'];

export const USAGE = `Usage: node bench/converge/run.mjs [OPTION]...

Measures bde beside other tools on the same work. Needs root, and the package index of Python the first time.

  --nodes N,...        machines (5,20,50)
  --peers NAME,...     of ${SUBJECT_NAMES.join(', ')} (all)
  --phases NAME,...    of ${PHASE_NAMES.join(', ')} (all)
  --delay MS,...       added round trips (0,20,100)
  --variant NAME,...   of ${VARIANT_NAMES.join(', ')} (all)
  --repetitions N      (5)
  --profile FOLDER     CPU profiles of bde's processes, by tool and phase; see top-costs.mjs
  --no-results         do not write bench/results/

All of it takes hours: Ansible without pipelining is slow. A part that is measured again replaces that part of the day.
`;

const FLAGS = {
  nodes: { type: 'string', default: '5,20,50' },
  peers: { type: 'string', default: SUBJECT_NAMES.join(',') },
  phases: { type: 'string', default: PHASE_NAMES.join(',') },
  delay: { type: 'string', default: '0,20,100' },
  variant: { type: 'string', default: VARIANT_NAMES.join(',') },
  repetitions: { type: 'string', default: '5' },
  profile: { type: 'string', default: '' },
  'no-results': { type: 'boolean', default: false },
};

/** What to measure; undefined where the arguments do not hold. */
export function readOptions(args) {
  const values = readFlags(args);
  if (values === undefined) return undefined;
  const options = {
    nodes: numbers(values.nodes, 1),
    // Whatever the order of the words: tools take turns in one order, phases follow each other.
    peers: known(values.peers, SUBJECT_NAMES),
    phases: known(values.phases, PHASE_NAMES),
    delays: numbers(values.delay, 0),
    variants: known(values.variant, VARIANT_NAMES),
    repetitions: numbers(values.repetitions, 1)?.[0],
    // Empty: none. A profile costs time, so its numbers are no results.
    profile: values.profile,
    writes: values.profile === '' && !values['no-results'],
  };
  return Object.values(options).includes(undefined) ? undefined : options;
}

function readFlags(args) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    if (String(error.code).startsWith('ERR_PARSE_ARGS')) return undefined;
    throw error;
  }
}

function numbers(text, least) {
  const values = text.split(',').map(Number);
  return values.every((value) => Number.isInteger(value) && value >= least) ? values : undefined;
}

function known(text, names) {
  const words = text.split(',');
  return words.every((word) => names.includes(word)) ? names.filter((name) => words.includes(name)) : undefined;
}
