import { describe, expect, it } from 'vitest';
import { driftUnits } from '../../../src/cli/drift-units.js';

const SCHEDULE = {
  cluster: 'zk',
  program: '/opt/bde/bin/bde',
  user: 'ops',
  environment: { PATH: '/usr/bin', BDE_HOME: '/var/lib/bde' },
};

describe('driftUnits', () => {
  it('gives a service that looks once, and a timer that starts it', () => {
    expect(driftUnits(SCHEDULE)).toEqual([
      {
        name: 'bde-drift-zk.service',
        text: `[Unit]
Description=Drift of the bde cluster zk
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=ops
Environment="PATH=/usr/bin"
Environment="BDE_HOME=/var/lib/bde"
ExecStart="/opt/bde/bin/bde" cluster drift zk
TimeoutStartSec=30min
Nice=10
`,
      },
      {
        name: 'bde-drift-zk.timer',
        text: `[Unit]
Description=Look for drift of the bde cluster zk each hour

[Timer]
OnCalendar=hourly
RandomizedDelaySec=10min
Persistent=true

[Install]
WantedBy=timers.target
`,
      },
    ]);
  });

  it('lets no path mean something to systemd', () => {
    const [service] = driftUnits({ ...SCHEDULE, program: '/o "x" \\ %h $A', environment: { BDE_HOME: '/a %i "$B' } });

    expect(service?.text).toContain(String.raw`ExecStart="/o \"x\" \\ %%h $$A" cluster drift zk`);
    expect(service?.text).toContain(String.raw`Environment="BDE_HOME=/a %%i \"$B"`);
  });
});
