import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDelay } from '../../bench/converge/delay.mjs';

const exec = promisify(execFile);
const ip = async (...words: string[]): Promise<string> => (await exec('ip', words)).stdout;

const ROUND_TRIP_MS = 40;

/** A bridge with this host's address, and behind it a network namespace with another one of the same subnet. */
describe('the delay link of the benchmark', () => {
  const key = randomBytes(4).toString('hex');
  const bridge = `bde${key}`;
  const [near, far] = [`bdep${key}`, `bdeq${key}`];

  beforeEach(async () => {
    await ip('netns', 'add', bridge);
    // Of its own, as bde's bridges have it: else it is that of its first port.
    await ip('link', 'add', bridge, 'address', '02:bd:be:9c:00:02', 'type', 'bridge');
    await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', bridge);
    await ip('link', 'set', near, 'master', bridge, 'up');
    await ip('address', 'add', '198.18.80.1/24', 'dev', bridge);
    await ip('link', 'set', bridge, 'up');
    await ip('-n', bridge, 'address', 'add', '198.18.80.2/24', 'dev', far);
    await ip('-n', bridge, 'link', 'set', far, 'up');
  });
  afterEach(async () => {
    await ip('netns', 'delete', bridge);
    await ip('link', 'delete', bridge);
  });

  it('makes a round trip longer by what was asked for', async () => {
    const removeDelay = await addDelay(bridge, ROUND_TRIP_MS);
    const behind = await roundTripMs('198.18.80.2');
    await removeDelay();

    expect(behind).toBeGreaterThanOrEqual(ROUND_TRIP_MS);
  });

  it('leaves the bridge as it was', async () => {
    const describeBridge = () => ip('-json', 'address', 'show', bridge);
    const before = await describeBridge();
    const removeDelay = await addDelay(bridge, ROUND_TRIP_MS);
    const during = await describeBridge();

    await removeDelay();

    expect(during).not.toBe(before);
    expect(await describeBridge()).toBe(before);
    expect(existsSync(`/sys/class/net/bdeo${key}`)).toBe(false);
    await roundTripMs('198.18.80.2');
  });

  it('adds nothing where no delay is asked for', async () => {
    const removeDelay = await addDelay(bridge, 0);

    expect(existsSync(`/sys/class/net/bdeo${key}`)).toBe(false);
    await removeDelay();
  });
});

/** How long a refusal takes to come: nothing listens there, so it is one round trip. */
async function roundTripMs(host: string): Promise<number> {
  const startedMs = performance.now();
  const [error] = (await once(connect({ host, port: 9 }), 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
  return performance.now() - startedMs;
}
