import type { NodeDescription } from '../../../src/cli/services/describe-cluster.js';
import { initProcess, machineIdOf } from './cluster.js';
import type { Home } from './home.js';
import { startProgram } from './running.js';

const CLIENT = [
  '/usr/bin/java',
  '-Xmx64m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
  '-cp',
  '/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar',
  'org.apache.zookeeper.ZooKeeperMain',
] as const;

/** How a command of the client ended. */
export interface ZooKeeperAnswer {
  /** 0 where the member did what it was asked. */
  readonly exitCode: number | null;
  readonly text: string;
}

/**
 * One command of ZooKeeper's own client, run on the host against a member.
 *
 * The host has no Java: client and JVM are taken from a node's file system, but the network is the host's.
 */
export async function askZooKeeper(
  home: Home,
  given: { readonly client: NodeDescription; readonly member: NodeDescription },
  command: readonly string[],
): Promise<ZooKeeperAnswer> {
  const init = await initProcess(home, machineIdOf(given.client));
  if (init === undefined) throw new Error(`${given.client.name} does not run`);
  const server = ['-server', `${given.member.address}:2181`, '-timeout', '30000'];
  const { exitCode, stdout, stderr } = await startProgram(
    ['nsenter', '--target', String(init), '--mount', '--pid', '--', ...CLIENT, ...server, ...command],
    { env: { PATH: process.env['PATH'] } },
  ).ended;
  return { exitCode, text: `${stdout}${stderr}` };
}
