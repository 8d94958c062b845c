import type { TextRule } from './document-reader.js';

/** Names of repos and cookbooks: they become folder names and parts of URLs. */
export const REPO_NAME: TextRule = {
  pattern: /^(?!.*-rehearsal$)[a-z0-9][a-z0-9-]{0,39}$/,
  allowed: 'lower-case letters, digits and hyphens, at most 40, without -rehearsal at the end',
};

export const COOKBOOK_NAME: TextRule = {
  pattern: /^[a-z0-9][a-z0-9_-]{0,39}$/,
  allowed: 'lower-case letters, digits, hyphens and underscores, at most 40',
};

/** RPM and Debian package names. */
export const PACKAGE_NAME: TextRule = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9+._-]{0,99}$/,
  allowed: 'letters, digits and + . _ -, at most 100',
};

/** What RPM takes as version: no hyphen, which parts version from release. */
export const VERSION: TextRule = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9+._~^]{0,63}$/,
  allowed: 'letters, digits and + . _ ~ ^, at most 64',
};

/** A requirement or provision: a name, or name, comparison and version. */
export const DEPENDENCY: TextRule = {
  pattern: /^[A-Za-z0-9/][A-Za-z0-9+._/()-]*( (<|<=|=|>=|>) [A-Za-z0-9+._~^:-]+)?$/,
  allowed: 'a name, or a name, one of < <= = >= > and a version',
};

export const LINE: TextRule = { pattern: /^[^\p{Cc}]{1,200}$/u, allowed: 'one line of at most 200 characters' };

export const ANY_TEXT: TextRule = { pattern: /^[^\0]*$/, allowed: 'a text' };

/** A path of a node. The characters are those that RPM's file lists take without quoting. */
export const NODE_PATH: TextRule = {
  pattern: /^(?!.*\/\.{1,2}(\/|$))(\/[A-Za-z0-9_+@=:,.~-]+)+$/,
  allowed: 'an absolute path of letters, digits and _ + @ = : , . ~ -',
};

/** Where a link leads: absolute or relative. */
export const LINK_TARGET: TextRule = {
  pattern: /^[A-Za-z0-9_+@=:,.~/-]+$/,
  allowed: 'a path of letters, digits and _ + @ = : , . ~ -',
};

/** A path in a Debian package. */
export const PICK: TextRule = {
  pattern: /^(?!.*(^|\/)\.{0,2}(\/|$))[A-Za-z0-9_+@=:,.~*/-]+$/,
  allowed: 'a relative path, * for any characters but /',
};

/** A path of the project, seen from the file that names it. */
export const PROJECT_PATH: TextRule = {
  pattern: /^[A-Za-z0-9_.][A-Za-z0-9_./-]*$/,
  allowed: 'a relative path of letters, digits and _ . -',
};

export const ACCOUNT: TextRule = {
  pattern: /^[a-z_][a-z0-9_-]{0,31}$/,
  allowed: 'lower-case letters, digits, _ and -, at most 32',
};

export const MODE: TextRule = { pattern: /^[0-7]{4}$/, allowed: 'four octal digits' };

/** `%` at the start of a line would begin another section of the spec file. */
export const SCRIPT: TextRule = {
  pattern: /^(?!\s*%)(?![^]*\n\s*%)[^\0]+$/,
  allowed: 'sh without lines that begin with %',
};

export const ARCHITECTURE: TextRule = { pattern: /^(noarch|x86_64)$/, allowed: 'noarch, x86_64' };
