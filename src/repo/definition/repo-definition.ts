/** A package repo as `repos/<name>/repo.yaml` declares it. */
export interface RepoDefinition {
  readonly name: string;
  readonly summary: string;
  /** Package names that clusters ask for, sorted. */
  readonly packages: readonly string[];
  /** Repos whose packages these need, in order. */
  readonly requires: readonly string[];
  /** Cookbooks whose `rehearsal/build.yaml` fills what is missing under rehearsal. */
  readonly rehearsal: readonly string[];
  /** The folder `repos/<name>`. */
  readonly folder: string;
  /** Path of its `build.yaml`; null where nothing is built. */
  readonly buildFile: string | null;
  /** Folder out of which nothing that the build file takes may lie. */
  readonly bound: string;
}

/** A folder whose sub-folders are repos, or cookbooks. */
export interface SourceFolder {
  readonly path: string;
  /** Folder out of which nothing that a build file in it takes may lie. */
  readonly bound: string;
}

/** How to make one RPM: data of a `build.yaml`. */
export interface PackageDefinition {
  readonly name: string;
  readonly summary: string;
  readonly license: string;
  readonly architecture: 'noarch' | 'x86_64';
  /** A version, or the name of the Debian package that gives it. */
  readonly version: string | { readonly of: string };
  /** Raised by hand when the content changes at the same version. */
  readonly revision: number;
  readonly requires: readonly string[];
  readonly provides: readonly string[];
  /** Made before files are laid, so that files can be its own. */
  readonly user: { readonly name: string; readonly home: string } | null;
  readonly debian: readonly DebianSource[];
  readonly files: readonly FileSource[];
  readonly folders: readonly OwnedPath[];
  readonly links: readonly { readonly path: string; readonly to: string }[];
  readonly scripts: Readonly<Partial<Record<ScriptName, string>>>;
}

/** When a script of a package runs; the words are RPM's. */
export type ScriptName = 'pre' | 'post' | 'preun' | 'postun';

/** A Debian package and what of it is taken. */
export interface DebianSource {
  readonly package: string;
  /** Paths without leading slash: a file, a whole folder, or a pattern with `*` within one segment. */
  readonly pick: readonly string[];
}

/** A path on the node, with who owns it. */
export interface OwnedPath {
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** Octal, four digits. */
  readonly mode: string;
}

/** A file whose content is written down, or a file or folder of the project. */
export interface FileSource extends Omit<OwnedPath, 'mode'> {
  /** Null: `0755` where the source is executable, else `0644`. */
  readonly mode: string | null;
  readonly source: { readonly content: string } | { readonly from: string };
  /** Kept when an operator changed it. */
  readonly config: boolean;
}
