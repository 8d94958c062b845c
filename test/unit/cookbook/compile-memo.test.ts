import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePackagesDigest, packageNames } from '../../../src/cookbook/compile-packages.js';
import { compileProbe } from '../../../src/cookbook/compile-probe.js';
import { outlineRun, type RunOutline } from '../../../src/cookbook/compile-run.js';
import type { Cookbook } from '../../../src/cookbook/cookbook.js';
import type { CompileInput, NodeView, RunMemo } from '../../../src/cookbook/types.js';
import { compileInput, errorOf, makeCookbook, nodeView, recipeCookbook } from './cookbook-support.js';

/** Items that read nothing of the node, or some of it, in every way that the language has. */
const ITEMS: readonly string[] = [
  '  - directory: /plain\n',
  '  - file: /address\n    content: "{{node.address}}"\n',
  '  - file: /name\n    content: "{{node.name}} {{node.ordinal}}"\n    notify: restart service[demo]\n',
  '  - file: /memory\n    content: "{{div node.memoryMiB 2}}"\n',
  '  - file: /with\n    content: "{{#with node}}{{group}}{{/with}}"\n',
  '  - file: /json\n    content: "{{json node}}"\n',
  '  - file: /whole\n    content: "{{#each nodes}}{{#if (eq this ../node)}}{{@index}}{{/if}}{{/each}}"\n',
  '  - file: /among\n    content: "{{includes nodes node}} {{includes members node}}"\n',
  '  - file: /disks\n    content: "{{#each node.dataDisks}}{{this}};{{/each}}"\n',
  '  - directory: "{{item}}"\n    for_each: node.dataDisks\n',
  '  - file: /when\n    when: "{{gt node.index 1}}"\n    content: x\n',
  '  - file: /guarded\n    only_if: "test {{node.index}}"\n    content: x\n',
  '  - file: /once\n    once: true\n    content: x\n',
  '  - file: /members\n    content: "{{join members \\" \\" key=\\"name\\"}}"\n',
  '  - hosts_entries: cluster\n',
  '  - hosts_entries: all\n    scope: cluster\n',
  '  - node_certificate: /tls\n    notify: restart service[demo]\n',
  '  - package: demo\n',
  '  - package: other\n    when: "{{includes node.roles \\"other\\"}}"\n',
  '  - include: demo::told\n    arguments: { where: "{{node.address}}" }\n',
  '  - demo::part: "{{node.name}}"\n',
];

function cookbookOf(items: readonly string[]): Cookbook {
  return recipeCookbook(`${items.join('')}  - service: demo\n`, {
    'roles/demo.yaml':
      'summary: Demo\nreads: [other]\nrunList: ["demo::main"]\nready: { scope: each, withinSeconds: 9, probe: { command: "ask {{node.address}} {{length nodes}}" } }\n',
    'roles/other.yaml': 'summary: Other\nrunList: []\n',
    'recipes/told.yaml':
      'parameters: { where: { type: string } }\nresources:\n  - file: /told\n    content: "{{parameters.where}}"\n',
    'resources/part.yaml': 'summary: Part\nresources:\n  - file: "/part/{{name}}"\n    content: "{{node.group}}"\n',
  });
}

const anyNode = fc.record({
  group: fc.constantFrom('a', 'b'),
  address: fc.constantFrom('10.0.0.1', '10.0.0.2'),
  memoryMiB: fc.constantFrom(1024, 2048),
  roles: fc.constantFrom(['demo'], ['demo', 'other']),
  dataDisks: fc.constantFrom([], ['/data/0'], ['/data/0', '/data/1']),
  hasCertificate: fc.boolean(),
});

const anyCluster = fc.record({
  items: fc.subarray([...ITEMS]),
  nodes: fc.array(anyNode, { minLength: 1, maxLength: 6 }),
});

/** What compiling sees of each of the nodes; with the same memo where one is given. */
function inputsOf(given: readonly (Partial<NodeView> & { readonly hasCertificate: boolean })[], memo?: RunMemo) {
  const nodes = given.map(({ hasCertificate: _, ...part }, index) => nodeView(index, part));
  const shared = {
    ...compileInput({
      nodes,
      members: nodes.slice(1),
      lockedPackages: { demo: 'demo-1-1.noarch', other: 'other-1-1.noarch' },
    }),
    ...(memo === undefined ? {} : { memo }),
  };
  return nodes.map((node, index): CompileInput => {
    const certificate = { authorities: 'CA', certificate: node.name, keySecret: `key/${node.name}` };
    return { ...shared, node, ...(given[index]?.hasCertificate === true ? { certificate } : {}) };
  });
}

function compileAll(inputs: readonly CompileInput[], cookbooks: readonly Cookbook[]): unknown {
  return inputs.map((input) => [
    outlineRun(input, cookbooks),
    compilePackagesDigest(input, cookbooks),
    packageNames(input, cookbooks),
    compileProbe(input, cookbooks, 'ready'),
  ]);
}

describe('a memo of compiled runs', () => {
  it('changes nothing of what the runs of any cluster come to', () => {
    fc.assert(
      fc.property(anyCluster, ({ items, nodes }) => {
        const cookbooks = [cookbookOf(items)];

        const remembered = compileAll(inputsOf(nodes, new Map()), cookbooks);

        expect(remembered).toEqual(compileAll(inputsOf(nodes), cookbooks));
      }),
    );
  });

  it('changes nothing where a node, an attribute or a member is another one than before', () => {
    const cookbooks = [cookbookOf(ITEMS)];
    const memo: RunMemo = new Map();
    const [first] = inputsOf([{ hasCertificate: true }, { hasCertificate: false }]);
    const others: readonly Partial<CompileInput>[] = [
      {},
      { nodes: [nodeView(0)] },
      { members: [nodeView(0)] },
      { attributes: { demo: {} } },
      { lockedPackages: { demo: 'demo-2-1.noarch', other: 'other-1-1.noarch' } },
      { secretMac: () => 'another' },
    ];
    const inputs = others.map((other) => ({ ...first!, ...other }));

    const remembered = compileAll(
      inputs.map((input) => ({ ...input, memo })),
      cookbooks,
    );

    expect(remembered).toEqual(compileAll(inputs, cookbooks));
  });

  const outlines = (resources: string, nodes: Parameters<typeof inputsOf>[0]): readonly RunOutline[] => {
    const cookbooks = [recipeCookbook(resources)];
    return inputsOf(nodes, new Map()).map((input) => outlineRun(input, cookbooks));
  };

  it('computes a run once for nodes that differ in nothing that it reads', () => {
    const [one, other] = outlines('  - file: /a\n    content: "{{node.memoryMiB}}"\n', [
      { hasCertificate: true },
      { hasCertificate: true },
    ]);

    expect(other).toBe(one);
  });

  it('computes again only the resources that read what differs', () => {
    const [one, other] = outlines(
      '  - directory: /a\n  - file: /b\n    content: "{{node.name}}"\n  - file: /c\n    content: "{{node.group}}"\n',
      [{ hasCertificate: true }, { hasCertificate: true }],
    );

    expect(other!.resources.map((resource, index) => resource === one!.resources[index])).toEqual([true, false, true]);
  });

  it('says again of each node what is wrong with it', () => {
    const cookbooks = [recipeCookbook('  - file: /a\n    content: "{{node.nme}}"\n')];
    const inputs = inputsOf([{ hasCertificate: false }, { hasCertificate: false }], new Map());

    const messages = inputs.map((input) => errorOf(() => outlineRun(input, cookbooks)).message);

    expect(messages[0]).toContain('"node.nme" is missing; did you mean "name"');
    expect(messages[1]).toBe(messages[0]);
  });

  it('keeps apart cookbooks that are parsed anew', () => {
    const [input] = inputsOf([{ hasCertificate: false }], new Map());
    const digests = ['x', 'y'].map((content) => {
      const cookbook = makeCookbook('demo', {
        'roles/demo.yaml': 'summary: Demo\nrunList: ["demo::main"]\n',
        'recipes/main.yaml': `resources:\n  - file: /a\n    content: ${content}\n`,
      });
      return outlineRun(input!, [cookbook]).digest;
    });

    expect(digests[0]).not.toBe(digests[1]);
  });
});
