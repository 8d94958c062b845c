import { quoteShell } from '../quote-shell.js';
import files from '../shell/files.sh';
import units from '../shell/units.sh';
import { fileCall } from './file-call.js';
import { extraOpenings, roleOpenings } from './firewall-openings.js';
import { firewallRules, firewallUnit } from './firewall-text.js';
import script from './firewall.sh';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { NodeContent, ResolveContext, ResourceCall, ResourceKind } from './resource-kind.js';

const SSH_PORT = 22;

/** What may reach the node: a table of nftables that is ours alone, and a unit that loads it again at boot. */
export const firewall: ResourceKind = {
  kind: 'firewall',
  revision: 1,
  scripts: [files, units, script],
  resolve(resource, context) {
    const reader = readParameters(resource, context.problem);
    const names = namesOf(reader, context.problem);
    const isAbsent = reader.choice('state', ['present', 'absent']) === 'absent';
    return isAbsent ? absentFirewall(names, reader) : presentFirewall(names, reader, context);
  },
};

interface FirewallNames {
  readonly name: string;
  readonly table: string;
  readonly rulesPath: string;
  readonly unit: string;
  readonly unitPath: string;
}

function namesOf({ name }: ParameterReader, problem: ResolveContext['problem']): FirewallNames {
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(name)) {
    throw problem(null, `is ${JSON.stringify(name)}; allowed are lower-case letters, digits and _, at most 32`);
  }
  const unit = `bde-firewall-${name}.service`;
  return {
    name,
    table: `bde_${name}`,
    rulesPath: `/etc/bde/firewall-${name}.nft`,
    unit,
    unitPath: `/etc/systemd/system/${unit}`,
  };
}

function absentFirewall(
  { name, table, rulesPath, unit, unitPath }: FirewallNames,
  reader: ParameterReader,
): ResourceCall {
  reader.refuse(['ports', 'network', 'per_peer', 'ssh_port'], 'state: absent');
  return {
    parameters: { name, state: 'absent' },
    function: 'firewall_gone',
    arguments: [table, rulesPath, unit, unitPath],
    probes: { paths: [rulesPath, unitPath], units: [unit] },
    path: rulesPath,
  };
}

function presentFirewall(names: FirewallNames, reader: ParameterReader, context: ResolveContext): ResourceCall {
  const { input, problem } = context;
  const { name, table, rulesPath, unit, unitPath } = names;
  const sshPort = reader.number('ssh_port', SSH_PORT);
  const networks = reader.list('network').map((network) => checkedNetwork(network, problem));
  const openings = [...roleOpenings(context, reader.flag('per_peer', false)), ...extraOpenings(reader, problem)];
  const rules = firewallRules({ table, sshPort, openings });
  const content = firewallUnit(name, rulesPath);
  const unitFile = fileCall({ path: unitPath, mode: '644', owner: 'root', group: 'root', content, seed: false }, input);
  return {
    parameters: { name, sshPort, networks, openings: openings.map((opening) => ({ ...opening })) },
    function: 'firewall',
    arguments: [
      ...[table, unit, String(sshPort), networks.join(','), input.node.address],
      ...[rulesPath, '644', 'root', 'root', 'computed', rulesOnNode(rules), ''],
      ...unitFile.arguments,
    ],
    probes: { paths: [rulesPath, unitPath], sums: [rulesPath, unitPath], units: [unit] },
    path: rulesPath,
    remembers: true,
  };
}

/** The cluster's network is the one that the node's own address is in, where the recipe names none. */
function rulesOnNode(rules: string): NodeContent {
  return { command: `firewall_network && printf %s ${quoteShell(rules)}` };
}

function checkedNetwork(text: string, problem: ResolveContext['problem']): string {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text)?.slice(1) ?? [];
  const [length = '32', ...octets] = parts.toReversed();
  if (octets.length === 4 && octets.every((octet) => Number(octet) <= 255) && Number(length) <= 32) return text;
  throw problem('network', `is ${JSON.stringify(text)}; allowed is an address or a network such as "10.0.0.0/8"`);
}
