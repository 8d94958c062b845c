import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../../src/cookbook/check-configuration.js';
import { parseDocument } from '../../../src/spec/document/parse-document.js';
import { parseClusterSpec } from '../../../src/spec/parse-cluster-spec.js';
import { makeCookbook } from './cookbook-support.js';

const WEB = makeCookbook('web', {
  'attributes.yaml': 'version: { type: string, default: "1" }\nport: { type: integer, default: 80 }\n',
});

const problems = (text: string, file: string) => {
  const { spec, source } = parseClusterSpec(parseDocument(text, file));
  return checkConfiguration(spec, source, [WEB]).map(({ message }) => message);
};

describe('checkConfiguration', () => {
  it('has nothing against what the cookbooks declare', () => {
    expect(
      problems(
        '{ "nodeGroups": [{ "name": "a", "roles": ["web"], "instanceNum": 1, "instanceType": "SMALL" }], "configuration": { "web": { "port": 1 } } }',
        's.json',
      ),
    ).toEqual([]);
  });

  it('refuses unknown names and wrong types of the cluster and of its groups, each at its place', () => {
    const text = `{ "nodeGroups": [
  { "name": "a", "roles": ["web"], "instanceNum": 1, "instanceType": "SMALL", "configuration": { "web": { "port": "x" } } }],
  "configuration": { "web": { "prt": 1 }, "wbe": {} } }`;

    expect(problems(text, 's.json')).toEqual([
      's.json:2:115: the attribute web.port is "x"; allowed is a whole number',
      's.json:3:31: the attribute web.prt is not known; did you mean "port"?',
      's.json:3:43: there is no cookbook "wbe"',
    ]);
  });

  it('says what YAML made of a version without quotes', () => {
    const text =
      'nodeGroups:\n  - { name: a, roles: [web], instanceNum: 1, instanceType: SMALL }\nconfiguration:\n  web: { version: 1.10 }\n';

    expect(problems(text, 's.yaml')).toEqual([
      's.yaml:4:19: the attribute web.version is 1.10 without quotes, which YAML reads as the number 1.1; allowed is a string',
    ]);
  });
});
