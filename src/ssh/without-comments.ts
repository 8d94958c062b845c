/** A shell program as it travels: comments and indentation are for who reads the source. It has no text of several lines. */
export function withoutComments(program: string): string {
  return program.replace(/^[ \t]*#.*\n/gm, '').replace(/^[ \t]+/gm, '');
}
