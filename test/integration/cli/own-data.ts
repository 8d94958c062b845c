import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A cookbook, a distro and a spec that lie outside of what comes with bde. */
export interface OwnData {
  readonly cookbooks: string;
  readonly distros: string;
  readonly spec: string;
}

/** Files by path. */
type Files = Readonly<Record<string, string>>;

const COOKBOOK: Files = {
  'metadata.yaml': 'formatVersion: 1\nname: motd\nversion: "1.2.0"\nsummary: Greets who logs in\n',
  'attributes.yaml': 'greeting: { type: string, default: hello, description: What is said }\n',
  'roles/greeter.yaml': 'summary: Greets who logs in\nrunList: ["motd::greet"]\n',
  'recipes/greet.yaml': 'resources:\n  - file: /etc/motd\n    content: "{{attributes.greeting}}\\n"\n',
};

const MANIFEST = [
  {
    name: 'greeting',
    version: '1',
    packages: [{ roles: ['basic', 'greeter'] }],
    cookbooks: ['base', 'motd'],
    repos: [],
  },
];

const SPEC = {
  apiVersion: 'bde/v2',
  nodeGroups: [{ name: 'node', roles: ['greeter'], instanceNum: 1, instanceType: 'SMALL' }],
};

/** Lays such data below a folder; `files` of the cookbook go over those that it has. */
export function layOwnData(folder: string, files: Files = {}): OwnData {
  const own = {
    cookbooks: join(folder, 'cookbooks'),
    distros: join(folder, 'distros'),
    spec: join(folder, 'greet.json'),
  };
  layFiles(join(own.cookbooks, 'motd'), { ...COOKBOOK, ...files });
  layFiles(own.distros, { 'manifest.json': JSON.stringify(MANIFEST) });
  layFiles(folder, { 'greet.json': JSON.stringify(SPEC) });
  return own;
}

/** Writes files below a folder, folders between included. */
export function layFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
