import { describe, expect, it } from 'vitest';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import { packageNames } from '../../../src/cookbook/compile-packages.js';
import { secretToken } from '../../../src/cookbook/secret-token.js';
import type { CompileInput } from '../../../src/cookbook/types.js';
import {
  compileInput,
  errorOf,
  makeCookbook,
  nodeView,
  recipeCookbook,
  type CookbookFiles,
} from './cookbook-support.js';

const compile = (resources: string, files: CookbookFiles = {}, input: Partial<CompileInput> = {}) =>
  compileRun(compileInput(input), [recipeCookbook(resources, files)]);
const idsOf = (...args: Parameters<typeof compile>) => compile(...args).resources.map(({ id }) => id);
const problemOf = (...args: Parameters<typeof compile>) => {
  const error = errorOf(() => compile(...args));
  const errors = error.failures.length > 0 ? error.failures : [error];
  return errors.map(({ message, hint }) => `${message} ${hint ?? ''}`).join('\n');
};
/** Lines behind the functions of the library. */
const callsOf = (...args: Parameters<typeof compile>) => {
  const { script } = compile(...args);
  return script.split('\n').filter((line) => /^bde_(?:\w+) /.test(line) && !line.includes('()'));
};

describe('retry and timeout', () => {
  it('stand before the resource, and before its action', () => {
    const recipe = `
  - file: /a
    content: x
    notify: restart service[b]
  - service: b
    retry: { times: 3, delay_seconds: 10 }
    timeout: 90
`;

    expect(callsOf(recipe).slice(-4)).toEqual([
      "bde_resource 'service[b]' service b.service running yes 'restart service[b]'",
      'bde_retry 3 10',
      'bde_timeout 90',
      "bde_flush 'restart service[b]' 'restart service[b]' service_restart b.service running",
    ]);
  });

  it('may be a number alone, with two seconds in between', () => {
    expect(callsOf('  - directory: /a\n    retry: 5\n')[0]).toBe('bde_retry 5 2');
  });

  it('is what bounds a command and a wait themselves', () => {
    const calls = callsOf(
      '  - execute: a\n    command: b\n    timeout: 7\n  - wait_for: c\n    file: /d\n    timeout: "8"\n',
    );

    expect(calls).toEqual([
      "bde_resource 'execute[a]' execute bde_content_1 '' 7 '' ''",
      "bde_resource 'wait_for[c]' wait_for 8 wait_for_file /d",
    ]);
  });

  it('touch no node: they are no part of the digest', () => {
    const plain = compile('  - directory: /a\n').digest;

    expect(compile('  - directory: /a\n    retry: 3\n    timeout: 10\n').digest).toBe(plain);
  });

  it('leave the script of those that do not use them as short as it was', () => {
    expect(compile('  - directory: /a\n').script).not.toContain('bde_bounded');
  });

  it.each([
    ['retry: 0', 'a whole number from 1 to 100'],
    ['retry: { delay_seconds: 3 }', 'lacks the field "times"'],
    ['timeout: soon', 'a whole number of seconds from 1 to 86400'],
    ['timeout: "{{attributes.t}}"', 'is "0"; allowed is a whole number of seconds'],
  ])('refuse %j', (key, expected) => {
    const input = { attributes: { demo: { t: 0 } } };

    expect(problemOf(`  - directory: /a\n    ${key}\n`, {}, input)).toContain(expected);
  });
});

describe('once', () => {
  const nodes = [
    nodeView(0, { ordinal: 5 }),
    nodeView(1, { ordinal: 2 }),
    nodeView(2, { ordinal: 1, roles: ['other'] }),
  ];
  const recipe = `
  - file: /a
    content: x
    notify: run execute[once]
  - execute: once
    command: y
    notified_only: true
    once: true
`;

  it('leaves a resource to the node of the role with the lowest ordinal', () => {
    const ids = nodes.slice(0, 2).map((node) => idsOf(recipe, {}, { nodes, node }));

    expect(ids).toEqual([['file[/a]'], ['file[/a]', 'execute[once]']]);
  });

  it('has notifications to it raised on its node only', () => {
    const scripts = nodes.slice(0, 2).map((node) => compile(recipe, {}, { nodes, node }).script);

    expect(scripts.map((script) => script.includes("bde_raises 'run execute[once]'"))).toEqual([false, true]);
  });

  it('does not move when a node with a higher ordinal comes', () => {
    const more = [...nodes, nodeView(3, { ordinal: 6 })];

    expect(idsOf(recipe, {}, { nodes: more, node: nodes[1] ?? nodeView(0) })).toContain('execute[once]');
  });
});

describe('for_each', () => {
  const sites = { b: { port: 2 }, a: { port: 1 } };
  const attributes = { demo: { sites, names: ['x', 'y'] } };

  it('repeats a resource for each item of a list, with its number', () => {
    const { resources } = compile(
      '  - link: /etc/{{item}}\n    to: "{{index}}"\n    for_each: attributes.names\n',
      {},
      { attributes },
    );

    expect(resources.map(({ id, parameters }) => [id, parameters['to']])).toEqual([
      ['link[/etc/x]', '0'],
      ['link[/etc/y]', '1'],
    ]);
  });

  it('goes through a map in the order of its keys, so that moving them touches no node', () => {
    const recipe = '  - link: /etc/{{key}}\n    to: "{{item.port}}"\n    for_each: attributes.sites\n';
    const moved = { demo: { sites: { a: sites.a, b: sites.b } } };

    expect(idsOf(recipe, {}, { attributes })).toEqual(['link[/etc/a]', 'link[/etc/b]']);
    expect(compile(recipe, {}, { attributes }).digest).toBe(compile(recipe, {}, { attributes: moved }).digest);
  });

  it('takes a list as it stands, and calls of helpers', () => {
    expect(idsOf('  - directory: "/{{item}}"\n    for_each: [a, "{{node.group}}"]\n')).toEqual([
      'directory[/a]',
      'directory[/zk]',
    ]);
    expect(idsOf('  - directory: "/{{item}}"\n    for_each: pluck nodes "name"\n')).toHaveLength(3);
  });

  it('of nothing is nothing', () => {
    expect(idsOf('  - directory: "/{{item}}"\n    for_each: []\n')).toEqual([]);
  });

  it('asks `when` for each item', () => {
    const recipe = '  - directory: "/{{item}}"\n    for_each: [a, b]\n    when: \'{{eq item "b"}}\'\n';

    expect(idsOf(recipe)).toEqual(['directory[/b]']);
  });

  it('may be seen by the templates of its resource', () => {
    const { script } = compile('  - template: /{{item}}\n    source: t\n    for_each: [a]\n', {
      'templates/t.hbs': 'I am {{item}}',
    });

    expect(script).toContain("'I am a'");
  });

  it.each([
    ['for_each: node.name', 'for_each is "c-zk-0"; allowed is a list or a map'],
    ['for_each: attributes.nope', '"attributes.nope" is missing'],
    ['for_each: "{{attributes.names}}"', 'is no expression'],
    ['for_each: frob x', 'there is no helper "frob"'],
  ])('refuses %j with its place', (key, expected) => {
    const problem = problemOf(`  - directory: "/{{item}}"\n    ${key}\n`, {}, { attributes });

    expect(problem).toContain(expected);
    expect(problem).toMatch(/main\.yaml:3:\d+: /);
  });

  it('refuses items whose resources would have one name, and says what to do', () => {
    const problem = problemOf('  - directory: /a\n    for_each: [a, b]\n');

    expect(problem).toContain('directory[/a] is there twice');
    expect(problem).toContain('by {{item}}, {{key}} or {{index}}');
  });
});

const SITE = `
parameters:
  port: { type: integer, minimum: 1 }
  tags: { type: array, items: { type: string }, default: [] }
  version: { type: string, optional: true }
resources:
  - file: /etc/sites/{{parameters.port}}
    content: '{{join parameters.tags ","}}{{#if (has parameters.version)}} {{parameters.version}}{{/if}}'
`;

describe('include', () => {
  const files = { 'recipes/site.yaml': SITE };
  const attributes = { demo: { port: 80, tags: ['a', 'b'] } };

  it('stands for the resources of another recipe', () => {
    expect(
      idsOf('  - directory: /a\n  - include: demo::other\n', {
        'recipes/other.yaml': 'resources: [{ directory: /b }]',
      }),
    ).toEqual(['directory[/a]', 'directory[/b]']);
  });

  it('hands on values as they are, whatever their type', () => {
    const { script, resources } = compile(
      '  - include: demo::site\n    arguments: { port: "{{attributes.port}}", tags: "{{attributes.tags}}" }\n',
      files,
      { attributes },
    );

    expect(resources.map(({ id }) => id)).toEqual(['file[/etc/sites/80]']);
    expect(script).toContain("'a,b'");
  });

  it('adds a recipe once that is told the same twice, and twice that is told other things', () => {
    const recipe = [1, 1, 2].map((port) => `  - include: demo::site\n    arguments: { port: ${port} }\n`).join('');

    expect(idsOf(recipe, files)).toEqual(['file[/etc/sites/1]', 'file[/etc/sites/2]']);
  });

  it('adds nothing where the run list has the recipe already', () => {
    const cookbook = recipeCookbook('  - include: demo::other\n', {
      'roles/demo.yaml': 'summary: x\nrunList: ["demo::other", "demo::main"]\n',
      'recipes/other.yaml': 'resources: [{ directory: /b }]',
    });

    expect(compileRun(compileInput(), [cookbook]).resources.map(({ id }) => id)).toEqual(['directory[/b]']);
  });

  it('may be repeated for each item', () => {
    const recipe = '  - include: demo::site\n    for_each: [1, 2]\n    arguments: { port: "{{item}}" }\n';

    expect(idsOf(recipe, files)).toEqual(['file[/etc/sites/1]', 'file[/etc/sites/2]']);
  });

  it('shows a recipe what it is told, and not what stands around it', () => {
    const other = { 'recipes/other.yaml': 'resources: [{ directory: "/{{item}}" }]' };

    expect(problemOf('  - include: demo::other\n    for_each: [a]\n', other)).toContain('"item" is missing');
  });

  it.each([
    ['arguments: { port: 0 }', 'main.yaml:3:24: the argument port is 0; allowed is a number from 1'],
    ['arguments: { port: "x" }', 'the argument port is "x"; allowed is a whole number'],
    ['arguments: { prt: 1, port: 2 }', 'demo::site has no parameter "prt"; did you mean "port"?'],
    ['arguments: {}', 'include of demo::site lacks the argument "port"'],
    ['arguments: { port: 1, version: 1.10 }', 'version is 1.10 without quotes, which YAML reads as the number 1.1'],
    ['arguments: { port: 1, tags: [0644] }', 'the argument tags.0 is 644; allowed is a string'],
  ])('refuses %j', (key, expected) => {
    expect(problemOf(`  - include: demo::site\n    ${key}\n`, files)).toContain(expected);
  });

  it('names the recipe that may have been meant', () => {
    expect(problemOf('  - include: demo::sit\n', files)).toContain(
      'names demo::sit, which is not there; did you mean "demo::site"?',
    );
  });

  it('prints a circle', () => {
    const circle = {
      'recipes/a.yaml': 'resources: [{ include: "demo::b" }]',
      'recipes/b.yaml': 'resources: [{ include: "demo::a" }]',
    };

    expect(problemOf('  - include: demo::a\n', circle)).toContain(
      'leads back to itself: demo::a -> demo::b -> demo::a',
    );
  });

  it('ends where includes are too deep', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`recipes/r${n}.yaml`, `resources: [{ include: "demo::r${n + 1}" }]`]),
    );

    expect(problemOf('  - include: demo::r0\n', { ...chain, 'recipes/r20.yaml': 'resources: []' })).toContain(
      'is 17 deep; allowed are 16',
    );
  });

  it('hands its notifications to all that it includes', () => {
    const recipe =
      '  - include: demo::site\n    arguments: { port: 1 }\n    notify: restart service[web]\n  - service: web\n';

    expect(compile(recipe, files).resources[0]?.parameters['notify']).toEqual([
      { action: 'restart', target: 'service[web]', immediately: false },
    ]);
  });

  it('does not have a resource ask itself on behalf of its include', () => {
    const other = { 'recipes/other.yaml': 'resources: [{ directory: /a }, { service: web }]' };
    const { resources } = compile('  - include: demo::other\n    notify: restart service[web]\n', other);

    expect(resources.map(({ parameters }) => 'notify' in parameters)).toEqual([true, false]);
  });

  it('has its guards judged once, before the first of what it includes', () => {
    const other = { 'recipes/other.yaml': 'resources: [{ directory: /a }, { directory: /b }]' };

    expect(callsOf('  - include: demo::other\n    creates: /opt/x\n    retry: 2\n', other)).toEqual([
      'bde_creates /opt/x',
      "bde_judge 'include[demo::other]'",
      "bde_within 'include[demo::other]'",
      'bde_retry 2 2',
      "bde_resource 'directory[/a]' directory /a 755 root root",
      "bde_within 'include[demo::other]'",
      'bde_retry 2 2',
      "bde_resource 'directory[/b]' directory /b 755 root root",
    ]);
  });

  it('makes its guards part of the digest', () => {
    const other = { 'recipes/other.yaml': 'resources: [{ directory: /a }]' };
    const [one, two] = ['"true"', '"false"'].map((guard) =>
      compile(`  - include: demo::other\n    only_if: ${guard}\n`, other),
    );

    expect(one?.resources[0]?.parameters['within']).toEqual([{ onlyIf: 'true' }]);
    expect(one?.digest).not.toBe(two?.digest);
  });

  it('finds packages behind it without rendering what it need not', () => {
    const cookbook = recipeCookbook(
      '  - include: demo::other\n    arguments: { name: web, token: "{{facts.other.n.token}}" }\n',
      {
        'recipes/other.yaml':
          'parameters: { name: { type: string }, token: { type: string } }\nresources: [{ package: "{{parameters.name}}" }, { file: /t, content: "{{parameters.token}}" }]',
      },
    );

    expect(packageNames(compileInput(), [cookbook])).toEqual(['web']);
  });

  it('keeps a secret that it hands on a secret', () => {
    const other = {
      'recipes/other.yaml':
        'parameters: { word: { type: string, minLength: 99 } }\nresources: [{ file: /t, content: "{{parameters.word}}", mode: "0600" }]',
    };
    const run = compile('  - include: demo::other\n    arguments: { word: "{{attributes.p}}" }\n', other, {
      attributes: { demo: { p: secretToken('p') } },
    });

    expect(run.secrets).toEqual(['p']);
  });

  it('lets a recipe of a run list have parameters with defaults only', () => {
    const cookbook = recipeCookbook('', { 'recipes/main.yaml': SITE });

    expect(errorOf(() => compileRun(compileInput(), [cookbook])).message).toBe(
      'The run list of demo names demo::main, which has to be told "port"',
    );
  });
});

const INSTANCE = `
summary: An instance
parameters:
  port: { type: integer }
resources:
  - directory: /srv/{{name}}
  - template: /srv/{{name}}/conf
    source: conf
    notify: restart service[web-{{name}}]
  - service: web-{{name}}
actions:
  restart: ["restart service[web-{{name}}]"]
`;

describe('a custom resource', () => {
  const files = { 'resources/instance.yaml': INSTANCE, 'templates/conf.hbs': 'port={{parameters.port}} name={{name}}' };

  it('is the resources that it is made of, whose ids say so', () => {
    expect(idsOf('  - demo::instance: a\n    port: 80\n', files)).toEqual([
      'demo::instance[a]/directory[/srv/a]',
      'demo::instance[a]/template[/srv/a/conf]',
      'demo::instance[a]/service[web-a]',
    ]);
  });

  it('sees its own parameters, name and cookbook', () => {
    const other = makeCookbook('web', files);
    const user = recipeCookbook('  - demo::instance: a\n    port: 80\n', {});
    expect(other.resources['instance']?.summary).toBe('An instance');

    expect(compile('  - demo::instance: a\n    port: 80\n', files).script).toContain("'port=80 name=a'");
    expect(errorOf(() => compileRun(compileInput(), [user, other])).message).toContain('did you mean "web::instance"?');
  });

  it('has its own notifications find what stands beside them first', () => {
    const { resources } = compile(
      '  - demo::instance: a\n    port: 1\n  - service: web-a\n    state: stopped\n',
      files,
    );

    expect(resources[1]?.parameters['notify']).toEqual([
      { action: 'restart', target: 'demo::instance[a]/service[web-a]', immediately: false },
    ]);
  });

  it('finds what stands around it where nothing beside it is meant', () => {
    const inner = 'summary: x\nresources: [{ directory: /a, notify: "restart service[out]" }]';
    const { resources } = compile('  - demo::x: a\n  - service: out\n', { 'resources/x.yaml': inner });

    expect(resources[0]?.parameters['notify']).toMatchObject([{ target: 'service[out]' }]);
  });

  it('hears notifications by its actions', () => {
    const recipe =
      '  - file: /f\n    content: x\n    notify: restart demo::instance[a] immediately\n  - demo::instance: a\n    port: 1\n';

    expect(compile(recipe, files).resources[0]?.parameters['notify']).toEqual([
      { action: 'restart', target: 'demo::instance[a]/service[web-a]', immediately: true },
    ]);
  });

  it('raises its notifications when any of its resources changed', () => {
    const { resources } = compile(
      '  - demo::instance: a\n    port: 1\n    notify: restart service[proxy]\n  - service: proxy\n',
      files,
    );

    expect(
      resources.slice(0, 3).map(({ parameters }) => JSON.stringify(parameters['notify']).includes('service[proxy]')),
    ).toEqual([true, true, true]);
  });

  it('may be made of others', () => {
    const pair =
      'summary: x\nresources: [{ "demo::instance": "{{name}}-1", port: 1 }, { "demo::instance": "{{name}}-2", port: 2 }]\nactions: { restart: ["restart demo::instance[{{name}}-1]"] }';
    const { resources } = compile(
      '  - file: /f\n    content: x\n    notify: restart demo::pair[p]\n  - demo::pair: p\n',
      {
        ...files,
        'resources/pair.yaml': pair,
      },
    );

    expect(resources[1]?.id).toBe('demo::pair[p]/demo::instance[p-1]/directory[/srv/p-1]');
    expect(resources[0]?.parameters['notify']).toMatchObject([
      { target: 'demo::pair[p]/demo::instance[p-1]/service[web-p-1]' },
    ]);
  });

  it('may be repeated, and left to one node', () => {
    const recipe = '  - demo::instance: "{{item}}"\n    for_each: [a, b]\n    once: true\n    port: 1\n';

    expect(idsOf(recipe, files)).toHaveLength(6);
    expect(idsOf(recipe, files, { node: nodeView(1) })).toEqual([]);
  });

  it('is found by the package step', () => {
    const resource = 'summary: x\nresources: [{ package: "{{name}}" }]';
    const cookbook = recipeCookbook('  - demo::x: tool\n', { 'resources/x.yaml': resource });

    expect(packageNames(compileInput(), [cookbook])).toEqual(['tool']);
  });

  it.each([
    ['  - demo::instance: a\n    prt: 1\n    port: 2\n', 'demo::instance has no parameter "prt"; did you mean "port"?'],
    ['  - demo::instance: a\n', 'the demo::instance lacks the argument "port"'],
    ['  - demo::instance: a\n    port: "0x"\n', 'the argument port is "0x"; allowed is a whole number'],
    ['  - demo::instanc: a\n', 'names demo::instanc, which is not there; did you mean "demo::instance"?'],
    ['  - demo::Instance: a\n', 'names no custom resource; that is cookbook::name'],
    ['  - instance: a\n    port: 1\n', 'the resource has no kind; did you mean "demo::instance"?'],
    ['  - demo::instance: a\n    port: 1\n  - demo::instance: a\n    port: 2\n', 'demo::instance[a] is there twice'],
    [
      '  - demo::instance: a\n    port: 1\n  - file: /f\n    content: x\n    notify: stop demo::instance[a]\n',
      'asks demo::instance[a] to stop; actions are restart',
    ],
  ])('refuses %j', (recipe, expected) => {
    expect(problemOf(recipe, files)).toContain(expected);
  });

  it.each([
    ['parameters: { retry: { type: integer } }', 'the name "retry" is not allowed here'],
    ['parameters: { port: { type: integer, default: x } }', 'the parameter port is "x"; allowed is a whole number'],
    [
      'parameters: { v: { type: string, default: 1.10 } }',
      'the parameter v is 1.10 without quotes, which YAML reads as the number 1.1',
    ],
    ['actions: { restart: [restart] }', '"ACTION KIND[NAME]"'],
  ])('refuses a file with %j', (line, expected) => {
    const resource = `summary: x\n${line}\nresources: [{ directory: /a }]\n`;

    expect(problemOf('  []\n', { 'resources/x.yaml': resource })).toContain(expected);
  });

  it('takes a parameter that is called as a kind of resource is', () => {
    const resource =
      'summary: x\nparameters: { user: { type: string } }\nresources: [{ directory: "/{{parameters.user}}" }]\n';

    expect(idsOf('  - demo::x: a\n    user: u\n', { 'resources/x.yaml': resource })).toEqual([
      'demo::x[a]/directory[/u]',
    ]);
  });
});
