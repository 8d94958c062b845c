import type { RepoListing } from '../engine/ports/mirror.js';
import { toOneLine } from '../report/plain-text.js';
import { renderTable } from '../report/render-table.js';
import type { BuiltRepo, RepoListingReport } from './services/repos.js';

/** Repos as a table, what each lacks below it, and where packages are served. */
export function renderRepos({ repos, mirror }: RepoListingReport): readonly string[] {
  const table = renderTable({
    columns: [{ title: 'repo' }, { title: 'snapshot' }, { title: 'packages', align: 'right' }, { title: 'summary' }],
    rows: repos.map((repo) => [
      repo.name,
      repo.built ? (repo.snapshot?.slice(0, 12) ?? 'built') : 'not built',
      repo.packageCount,
      repo.summary,
    ]),
  });
  const served =
    mirror === null ? 'not served; an operation that needs it starts it' : `${mirror.url} (pid ${String(mirror.pid)})`;
  return [...table, ...repos.flatMap(missingLines), '', `mirror: ${served}`];
}

function missingLines({ name, missing }: RepoListing): readonly string[] {
  if (missing.length === 0) return [];
  return ['', `${name} lacks:`, ...missing.map((what) => `  - ${toOneLine(what)}`)];
}

/** What was built. */
export function renderBuiltRepo({ repos }: BuiltRepo): readonly string[] {
  return repos.flatMap(({ name, snapshot, rehearsal, packages }) => [
    `${name}${rehearsal ? ' (rehearsal)' : ''}  snapshot ${snapshot.slice(0, 12)}, ${String(packages.length)} packages`,
    ...packages.map((nevra) => `  ${toOneLine(nevra)}`),
  ]);
}
