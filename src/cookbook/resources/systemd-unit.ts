import files from '../shell/files.sh';
import units from '../shell/units.sh';
import script from './systemd_unit.sh';
import { fileCall } from './file-call.js';
import { readParameters, type ParameterReader } from './read-parameter.js';
import type { ResolveContext, ResourceCall, ResourceKind } from './resource-kind.js';
import { unitName } from './unit-name.js';

/** A unit file below /etc/systemd/system, or a drop-in of a unit; systemd reads it again by itself. */
export const systemdUnit: ResourceKind = {
  kind: 'systemd_unit',
  revision: 1,
  scripts: [files, units, script],
  resolve(resource, context) {
    const reader = readParameters(resource, context.problem);
    const unit = unitName(reader.word(null));
    const name = reader.has('drop_in') ? `${unit}.d/${reader.word('drop_in')}.conf` : unit;
    const path = `/etc/systemd/system/${name}`;
    const isAbsent = reader.choice('state', ['present', 'absent']) === 'absent';
    const call = isAbsent ? absentUnit(reader, { unit, path }) : presentUnit(reader, { unit, path }, context);
    return { ...call, path, ...(name === unit ? {} : { name }) };
  },
};

interface UnitFile {
  readonly unit: string;
  readonly path: string;
}

function presentUnit(reader: ParameterReader, { unit, path }: UnitFile, context: ResolveContext): ResourceCall {
  const { input, renderTemplate, problem } = context;
  if (reader.has('content') === reader.has('source')) throw problem(null, 'has to have one of "source" and "content"');
  const content = reader.has('content') ? reader.text('content') : renderTemplate(reader.text('source'));
  const call = fileCall({ path, mode: '644', owner: 'root', group: 'root', content, seed: false }, input);
  return {
    ...call,
    function: 'systemd_unit',
    arguments: [unit, ...call.arguments],
    probes: { ...call.probes, units: [unit] },
  };
}

function absentUnit(reader: ParameterReader, { unit, path }: UnitFile): ResourceCall {
  reader.refuse(['source', 'content'], 'state: absent');
  return {
    parameters: { path, state: 'absent' },
    function: 'systemd_gone',
    arguments: [unit, path],
    probes: { paths: [path], units: [unit] },
  };
}
