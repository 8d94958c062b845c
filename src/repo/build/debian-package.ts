/** One Debian package file as apt would fetch it. */
export interface DebianPackage {
  readonly name: string;
  /** `[epoch:]upstream[-revision]` */
  readonly version: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

const LINE = /^'[^']+' (\S+) (\d+) SHA256:([0-9a-f]{64})$/;

/** What `apt-get --print-uris download …` says, one package a line: `'URI' file size SHA256:hex`. Other lines are skipped. */
export function parsePrintedUris(text: string): readonly DebianPackage[] {
  return text.split('\n').flatMap((line) => {
    const [, fileName, size, sha256] = LINE.exec(line) ?? [];
    if (fileName === undefined || size === undefined || sha256 === undefined) return [];
    const [name = '', version = ''] = fileName.split('_');
    return [{ name, version: decodeURIComponent(version), fileName, sizeBytes: Number(size), sha256 }];
  });
}
