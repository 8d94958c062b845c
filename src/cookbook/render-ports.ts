import { isBdeError } from '../errors/bde-error.js';
import type { RoleDefinition } from './cookbook.js';
import { renderError } from './render/render-error.js';
import type { Template } from './render/template.js';
import type { Attributes, RolePort } from './types.js';

/** A port of a role on nodes that have certain attributes. */
export interface Port extends RolePort {
  readonly port: number;
}

/**
 * The ports of a role where attributes, by cookbook, are these; in the order of its file.
 *
 * @throws BdeError `RENDER_FAILED` at the place of a port that needs an attribute which is missing, or is no port
 */
export function renderPorts({ role, portNumbers }: RoleDefinition, attributes: Attributes): readonly Port[] {
  return role.ports.flatMap((port, index) => {
    const number = portNumbers[index];
    return number === undefined ? [] : [{ ...port, port: renderNumber(number, attributes[role.cookbook]) }];
  });
}

/** The same, without those whose numbers cannot be told: they are an error once the role is compiled. */
export function knownPorts(definition: RoleDefinition, attributes: Attributes): readonly Port[] {
  try {
    return renderPorts(definition, attributes);
  } catch (error) {
    if (!isBdeError(error, 'RENDER_FAILED')) throw error;
    return [];
  }
}

function renderNumber(template: Template, attributes: Attributes[string] = {}): number {
  const text = template.render({ attributes });
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= MAX_PORT) return Number(text);
  throw renderError(template.place, `gives ${JSON.stringify(text)}, which is no port`, 'Ports are 1 to 65535.');
}

const MAX_PORT = 65_535;
