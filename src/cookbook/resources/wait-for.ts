import type { BdeError } from '../../errors/bde-error.js';
import type { Json } from '../types.js';
import files from '../shell/files.sh';
import units from '../shell/units.sh';
import script from './wait_for.sh';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';
import { unitName } from './unit-name.js';

const DEFAULT_TIMEOUT_SECONDS = 60;

const WAYS = ['port', 'http', 'command', 'file', 'service'] as const;

/** Something that has to be so before the next resource is looked at. It changes nothing, so it is never `changed`. */
export const waitFor: ResourceKind = {
  kind: 'wait_for',
  revision: 1,
  scripts: [files, units, script],
  resolve(resource, { timeoutSeconds, problem }) {
    const reader = readParameters(resource, problem);
    const seconds = reader.number('timeout_seconds', timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
    const look = lookOf(reader, () => problem(null, `has to have one of ${WAYS.join(', ')}`));
    return {
      parameters: look.parameters,
      function: 'wait_for',
      arguments: [String(seconds), ...look.call],
      bounded: true,
    };
  },
};

interface Look {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly call: readonly string[];
}

function lookOf(reader: ParameterReader, noWay: () => BdeError): Look {
  const [way, ...others] = WAYS.filter((key) => reader.has(key));
  if (way === undefined || others.length > 0) throw noWay();
  switch (way) {
    case 'port':
      return portLook(reader.number('port', 0), reader.has('host') ? reader.word('host') : null);
    case 'http': {
      const url = reader.text('http');
      const status = reader.number('status', 200);
      return { parameters: { http: url, status }, call: ['wait_for_http', url, String(status)] };
    }
    case 'command':
      return { parameters: { command: reader.text('command') }, call: ['wait_for_command', reader.text('command')] };
    case 'file':
      return { parameters: { file: reader.path('file') }, call: ['wait_for_file', reader.path('file')] };
    case 'service': {
      const service = unitName(reader.word('service'));
      return { parameters: { service }, call: ['wait_for_service', service] };
    }
  }
}

/** Without a host the port is one of the node itself, which the kernel's own table answers without a connection. */
function portLook(port: number, host: string | null): Look {
  if (host !== null) return { parameters: { port, host }, call: ['wait_for_connect', host, String(port)] };
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return { parameters: { port }, call: ['wait_for_listen', hex, String(port)] };
}
