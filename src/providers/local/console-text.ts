import type { MachineId } from '../../errors/ids.js';
import { readIfThere } from './file-facts.js';
import { machineFolder, type LocalHome } from './local-home.js';
import { lastLines } from './run-command.js';

// eslint-disable-next-line no-control-regex -- colours and cursor movements are what is taken out
const ESCAPES = /\u001B\[[0-9;?]*[A-Za-z]|\u001B[\]()][^\u0007]*\u0007?|\r/g;

/** The last lines that a machine and its supervisor printed, without colours; empty when there is none. */
export async function consoleText(home: LocalHome, machineId: MachineId, lines: number): Promise<string> {
  const log = (await readIfThere(machineFolder(home, machineId).log)) ?? '';
  return lastLines(log.replace(ESCAPES, ''), lines);
}
