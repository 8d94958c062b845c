import type { DistroDescription } from './services/describe-distro.js';

/** A distro as labelled lines; a list that is empty shows as `none`. */
export function renderDistro(distro: DistroDescription): readonly string[] {
  const attributes =
    Object.keys(distro.attributes).length === 0 ? [] : [`attributes  ${JSON.stringify(distro.attributes)}`];
  return [
    `${distro.label}  vendor ${distro.vendor}`,
    '',
    `specs       ${listed(distro.specs)}`,
    `roles       ${listed(distro.roles)}`,
    `cookbooks   ${distro.cookbooks === null ? 'all' : listed(distro.cookbooks)}`,
    `repos       ${listed(distro.repos)}`,
    ...attributes,
    '',
    'Next:',
    ...nextCommands(distro),
  ];
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function nextCommands({ specs, repos, label }: DistroDescription): readonly string[] {
  const creates = specs.map((spec) => `  bde cluster create --spec ${spec} --distro ${label}`);
  const builds = repos.map((repo) => `  bde repo build ${repo}`);
  return [...creates, ...builds, '  bde spec init my-cluster.json'];
}
