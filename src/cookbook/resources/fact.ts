import { didYouMean } from '../../spec/document/nearest-name.js';
import { isTextSchema } from '../is-text-schema.js';
import script from './fact.sh';
import { readParameters } from './read-parameter.js';
import type { ResourceKind } from './resource-kind.js';

/** The value of a fact that the role declares, asked for at this place of the recipe. It changes nothing. */
export const fact: ResourceKind = {
  kind: 'fact',
  revision: 1,
  scripts: [script],
  resolve(resource, { input, roles, notifies, problem }) {
    const reader = readParameters(resource, problem);
    const declared = roles.get(input.role)?.facts ?? {};
    const own = Object.hasOwn(declared, reader.name) ? declared[reader.name] : undefined;
    const file = `roles/${input.role}.yaml`;
    if (own === undefined) {
      const near = didYouMean(reader.name, Object.keys(declared));
      throw problem(null, `is not declared in ${file}${near}`, `Write its schema under "facts" of ${file}.`);
    }
    if (own.command !== null) throw problem(null, `has a command in ${file} already`, 'Remove one of the two.');
    if (notifies) throw problem('notify', 'is not for facts, which change nothing');
    const command = reader.text('command');
    return {
      parameters: { command, schema: own.schema },
      function: 'fact',
      arguments: [reader.name, isTextSchema(own.schema) ? 'text' : 'json', command],
    };
  },
};
