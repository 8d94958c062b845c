import type { ExportedCluster, ExportedEndpoint } from './exported-cluster.js';

/** The known_hosts file of a cluster: every node by its name and by its address, jump hosts by their address. */
export function toKnownHosts({ nodes }: Pick<ExportedCluster, 'nodes'>): string {
  const lines = nodes.flatMap(({ name, logIn }) =>
    logIn === null
      ? []
      : [
          ...logIn.hostKeys.map((key) => `${placeOf(name, logIn.port)},${placeOf(logIn.address, logIn.port)} ${key}\n`),
          ...logIn.jumps.flatMap(jumpLines),
        ],
  );
  return [...new Set(lines)].join('');
}

function jumpLines({ address, port, hostKeys }: ExportedEndpoint): readonly string[] {
  return hostKeys.map((key) => `${placeOf(address, port)} ${key}\n`);
}

/** As OpenSSH looks it up: the port is named only where it is another than 22. */
function placeOf(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${String(port)}`;
}
