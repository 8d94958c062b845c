import { hasSecretToken } from '../secret-token.js';
import files from '../shell/files.sh';
import units from '../shell/units.sh';
import type { Json } from '../types.js';
import { fileCall, type FileCall } from './file-call.js';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResolveContext, ResourceCall, ResourceKind } from './resource-kind.js';
import script from './timer.sh';
import { unitName } from './unit-name.js';

const MOMENTS = ['on_calendar', 'on_boot', 'every'] as const;

/** A timer of systemd, with a service of its own for its command, or for a unit that is there. */
export const timer: ResourceKind = {
  kind: 'timer',
  revision: 1,
  scripts: [files, units, script],
  resolve(resource, context) {
    const reader = readParameters(resource, context.problem);
    const name = reader.word(null).replace(/\.timer$/, '');
    const isAbsent = reader.choice('state', ['present', 'absent']) === 'absent';
    return isAbsent ? absentTimer(name, reader) : presentTimer(name, reader, context);
  },
};

function absentTimer(name: string, reader: ParameterReader): ResourceCall {
  reader.refuse([...MOMENTS, 'command', 'unit', 'user', 'persistent', 'randomized_delay'], 'state: absent');
  const [path, service] = [pathOf(`${name}.timer`), pathOf(`${name}.service`)];
  return {
    parameters: { name, state: 'absent' },
    function: 'timer_gone',
    arguments: [`${name}.timer`, path, `${name}.service`, service, markOf(name)],
    probes: { paths: [path, service], units: [`${name}.timer`, `${name}.service`] },
    path,
  };
}

function presentTimer(name: string, reader: ParameterReader, { input, problem }: ResolveContext): ResourceCall {
  if (!MOMENTS.some((key) => reader.has(key))) throw problem(null, `has to have one of ${MOMENTS.join(', ')}`);
  if (reader.has('command') === reader.has('unit')) throw problem(null, 'has to have one of "command" and "unit"');
  if (reader.has('unit')) reader.refuse(['user'], 'unit');
  const own = `${name}.service`;
  const started = reader.has('unit') ? unitName(reader.word('unit')) : own;
  const lay = (unit: string, content: string): FileCall =>
    fileCall({ path: pathOf(unit), mode: '644', owner: 'root', group: 'root', content, seed: false }, input);
  const moments = momentLines(reader, problem);
  const service = reader.has('command') ? [lay(own, serviceText(name, reader, problem))] : [];
  const timerFile = lay(`${name}.timer`, timerText(name, { moments, started }));
  const laid = [...service, timerFile];
  return {
    parameters: {
      name,
      ...writtenMoments(reader),
      ...(reader.has('unit') ? { unit: started } : writtenService(reader)),
    },
    function: 'timer',
    arguments: [
      `${name}.timer`,
      started,
      reader.list('on_calendar').join('\n'),
      ...laid.flatMap((file) => file.arguments),
    ],
    probes: {
      paths: laid.map(({ path }) => path),
      sums: laid.map(({ path }) => path),
      units: [`${name}.timer`, started],
    },
    path: timerFile.path,
  };
}

/** What the recipe says, for the digest: not the text of the files that are made of it. */
function writtenMoments(reader: ParameterReader): Readonly<Record<string, Json>> {
  const moments = [...MOMENTS, 'randomized_delay'].filter((key) => reader.has(key));
  return {
    ...Object.fromEntries(moments.map((key) => [key, reader.list(key)])),
    persistent: reader.flag('persistent', true),
  };
}

function writtenService(reader: ParameterReader): Readonly<Record<string, Json>> {
  return { command: reader.text('command'), user: reader.has('user') ? reader.word('user') : '' };
}

function pathOf(unit: string): string {
  return `/etc/systemd/system/${unit}`;
}

/** First line of a service that belongs to a timer: that line alone says that it goes with the timer. */
function markOf(name: string): string {
  return `# Belongs to ${name}.timer`;
}

function momentLines(reader: ParameterReader, problem: ResolveContext['problem']): readonly string[] {
  const line = (key: string, setting: string): readonly string[] =>
    reader.has(key) ? reader.list(key).map((value) => `${setting}=${oneLine(key, value, problem)}`) : [];
  return [
    ...line('on_calendar', 'OnCalendar'),
    ...line('on_boot', 'OnBootSec'),
    // From the timer's own start, and from each start of the unit on.
    ...line('every', 'OnActiveSec'),
    ...line('every', 'OnUnitActiveSec'),
    ...line('randomized_delay', 'RandomizedDelaySec'),
    `Persistent=${String(reader.flag('persistent', true))}`,
  ];
}

function oneLine(key: string, value: string, problem: ResolveContext['problem']): string {
  if (/^[^\n\r]+$/.test(value) && !value.endsWith('\\')) return value;
  throw problem(key, `is ${JSON.stringify(value)}; allowed is one line`);
}

function timerText(
  name: string,
  { moments, started }: { readonly moments: readonly string[]; readonly started: string },
): string {
  return sections(
    ['[Unit]', `Description=Starts ${started}`],
    ['[Timer]', `Unit=${started}`, ...moments],
    ['[Install]', 'WantedBy=timers.target'],
  );
}

function serviceText(name: string, reader: ParameterReader, problem: ResolveContext['problem']): string {
  const command = reader.text('command');
  if (hasSecretToken(command)) {
    throw problem('command', 'holds a secret, and everyone on the node can read units', 'Let it read a file instead.');
  }
  const user = reader.has('user') ? [`User=${reader.word('user')}`] : [];
  return sections(
    [markOf(name), '[Unit]', `Description=What ${name}.timer starts`],
    ['[Service]', 'Type=oneshot', ...user, `ExecStart=/bin/sh -c ${unitWord(command)}`],
  );
}

function sections(...parts: readonly (readonly string[])[]): string {
  return parts.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

/** A text as one word of a command line in a unit; https://www.freedesktop.org/software/systemd/man/systemd.service.html. */
function unitWord(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escaped.replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}
