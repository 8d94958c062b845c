/** Suites of the Debian release that the template is made of. */
const SUITES = new Set(['bookworm', 'bookworm-updates', 'bookworm-security']);

/** A file that the host's apt reads its sources from. */
export interface AptSourcesFile {
  /** The format goes by its end: `.sources` is deb822, anything else the one-line style. */
  readonly path: string;
  readonly content: string;
}

interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Path of a keyring. */
  readonly signedBy: string | undefined;
}

/**
 * The host's sources of Debian 12, as lines of a `sources.list`, in the host's order and without repeats. What else the
 * host installs from (other vendors, other releases) is left out; empty when nothing is left. Both styles of
 * sources.list(5) are understood.
 */
export function parseAptSources(files: readonly AptSourcesFile[]): readonly string[] {
  const sources = files.flatMap(({ path, content }) =>
    path.endsWith('.sources') ? parseParagraphs(content) : parseLines(content),
  );
  return [...new Set(sources.flatMap(formatSource))];
}

/** Those lines of `apt-config dump` that say how to reach the sources: proxies, certificates, time-outs. */
export function selectAptOptions(dump: string): readonly string[] {
  return dump.split('\n').filter((line) => /^Acquire::(https?|Retries|ForceIPv[46])\b/i.test(line));
}

/** `deb [signed-by=/k.gpg arch=amd64] URI SUITE COMPONENT…` */
function parseLines(content: string): readonly AptSource[] {
  return content.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[(?<options>[^\]]*)\]\s*)?(?<uri>\S+)\s+(?<suite>\S+)\s+(?<components>[^#]+)/.exec(
      line,
    );
    if (!match?.groups) return [];
    const { options = '', uri = '', suite = '', components = '' } = match.groups;
    const signedBy = /(?:^|\s)signed-by=(\/\S+)/.exec(options)?.[1];
    return [{ uris: [uri], suites: [suite], components: words(components), signedBy }];
  });
}

/** Paragraphs of `Types: deb`, `URIs:`, `Suites:`, `Components:`, `Signed-By:`, `Enabled:`. */
function parseParagraphs(content: string): readonly AptSource[] {
  const uncommented = content.replace(/^#.*\n?/gm, '');
  return uncommented.split(/\n\s*\n/).flatMap((paragraph) => {
    const field = (name: string) => words(new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)`, 'im').exec(paragraph)?.[1] ?? '');
    if (!field('Types').includes('deb') || field('Enabled')[0]?.toLowerCase() === 'no') return [];
    const signedBy = field('Signed-By').find((word) => word.startsWith('/'));
    return [{ uris: field('URIs'), suites: field('Suites'), components: field('Components'), signedBy }];
  });
}

function formatSource({ uris, suites, components, signedBy }: AptSource): readonly string[] {
  if (!components.includes('main')) return [];
  const options = signedBy === undefined ? '' : `[signed-by=${signedBy}] `;
  const wanted = suites.filter((suite) => SUITES.has(suite));
  return uris.flatMap((uri) => wanted.map((suite) => `deb ${options}${uri} ${suite} main`));
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter(Boolean);
}
