import { initProcess } from './cluster.js';
import type { Home } from './home.js';
import { until } from './until.js';

/** Ends a machine as a power cut would. */
export async function powerCut(home: Home, machineId: string): Promise<void> {
  const init = await initProcess(home, machineId);
  if (init !== undefined) process.kill(init, 'SIGKILL');
  await until('the machine is off', async () => (await initProcess(home, machineId)) === undefined);
}
