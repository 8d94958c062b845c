/** A unit file of systemd. */
export interface UnitFile {
  readonly name: string;
  readonly text: string;
}

/** What a timer has to know of the bde that it calls. */
export interface DriftSchedule {
  readonly cluster: string;
  /** Absolute path of `bin/bde`. */
  readonly program: string;
  readonly user: string;
  /** Variables that say which home and identity are meant. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A service that looks for drift once, and the timer that starts it each hour. The service fails where something differs
 * (10), and where that could not be found out.
 *
 * Format: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html
 */
export function driftUnits(schedule: DriftSchedule): readonly UnitFile[] {
  const name = `bde-drift-${schedule.cluster}`;
  return [
    { name: `${name}.service`, text: serviceText(schedule) },
    { name: `${name}.timer`, text: timerText(schedule) },
  ];
}

function serviceText({ cluster, program, user, environment }: DriftSchedule): string {
  const variables = Object.entries(environment).map(([name, value]) => `Environment=${quoteValue(`${name}=${value}`)}`);
  return [
    '[Unit]',
    `Description=Drift of the bde cluster ${cluster}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=oneshot',
    `User=${user}`,
    ...variables,
    `ExecStart=${quoteWord(program)} cluster drift ${cluster}`,
    'TimeoutStartSec=30min',
    'Nice=10',
    '',
  ].join('\n');
}

function timerText({ cluster }: DriftSchedule): string {
  return [
    '[Unit]',
    `Description=Look for drift of the bde cluster ${cluster} each hour`,
    '',
    '[Timer]',
    'OnCalendar=hourly',
    'RandomizedDelaySec=10min',
    'Persistent=true',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ].join('\n');
}

/** `%` begins a specifier in any value of a unit. */
function quoteValue(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`;
}

/** In a command line `$` begins a variable as well. */
function quoteWord(text: string): string {
  return quoteValue(text).replaceAll('$', '$$$$');
}
