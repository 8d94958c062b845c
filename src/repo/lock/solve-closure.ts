import type { TemplateShell } from '../../engine/ports/provider.js';
import type { Digest } from '../../errors/ids.js';
import { repoFailed } from '../repo-error.js';
import script from './solve-closure.sh';

/** A repo as the solver sees it. */
export interface SolverRepo {
  readonly name: string;
  /** Its snapshot. */
  readonly folder: string;
}

/** One package of a closure: which edition, and from which repo. */
export interface SolvedPackage {
  readonly nevra: string;
  readonly repo: string;
}

/**
 * What a fresh machine of the template would install when asked for these packages, with what they need.
 *
 * @throws BdeError `REPO_FAILED` with the solver's words when something that is needed is in none of the repos
 */
export async function solveClosure(
  question: { readonly repo: string; readonly packages: readonly string[]; readonly repos: readonly SolverRepo[] },
  template: Digest,
  shell: TemplateShell,
): Promise<readonly SolvedPackage[]> {
  const places = question.repos.flatMap(({ name, folder }) => [name, folder]);
  const argv = ['sh', '-c', script, 'solve-closure', ...question.packages, '--', ...places];
  const binds = question.repos.map(({ folder }) => folder);
  const { exitCode, stdout, stderr } = await shell.runInTemplate(template, argv, { binds });
  if (exitCode !== 0) throw unsolvable(question.repo, stderr.trim());
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [nevra = '', repo = ''] = line.split(' ');
      return { nevra, repo };
    });
}

function unsolvable(repo: string, said: string): Error {
  return repoFailed(`The packages of the repo ${repo} cannot be installed in the template: ${said}`, {
    hint: `Add what is missing to repos/${repo}/build.yaml, bring its RPM, or name its repo under requires in repos/${repo}/repo.yaml.`,
  });
}
