import { checkPattern } from './check-pattern.js';
import { validateSpecMapEntry } from '../generated/validators.js';
import type { BdeError } from '../errors/bde-error.js';
import { checkPart } from '../spec/document/check-document.js';
import { findingAt } from '../spec/document/finding.js';
import type { ParsedDocument } from '../spec/document/parse-document.js';
import { quoteText } from '../spec/document/quote-source.js';

/** A spec that the map offers. */
export interface SpecMapEntry {
  readonly vendor: string;
  /** Regular expression that the whole version of a distro matches. */
  readonly version: string;
  /** Label for people. */
  readonly type: string;
  /** `Default` is this program. */
  readonly appManager: string;
  /** Relative to `specs/`, inside of it, `/` between names. */
  readonly path: string;
  readonly flavour: string;
}

/** A map as far as it holds; a broken entry is named in the findings and hides no other. */
export interface SpecMap {
  readonly entries: readonly SpecMapEntry[];
  readonly findings: readonly BdeError[];
}

/** The entries of `specs/map.json`, BDE's as they were published and ours. Never throws for what the file holds. */
export function parseSpecMap(document: ParsedDocument): SpecMap {
  if (!document.wellFormed) return { entries: [], findings: document.errors };
  if (!Array.isArray(document.value)) return { entries: [], findings: [notAList(document)] };
  const results = document.value.map((value: unknown, index) => readEntry(document, value as RawEntry, index));
  return {
    entries: results.flatMap(({ entry }) => entry ?? []),
    findings: [...document.errors, ...results.flatMap(({ findings }) => findings)],
  };
}

interface RawEntry {
  readonly vendor: string;
  readonly version: string;
  readonly type?: string;
  readonly appManager?: string;
  readonly path: string;
  readonly flavour?: string;
}

function readEntry(document: ParsedDocument, raw: RawEntry, index: number) {
  const findings = checkPart(document, [index], validateSpecMapEntry);
  if (findings.length > 0) return { findings, entry: undefined };
  const broken = [
    ...checkPath(document, raw.path, index),
    ...checkPattern({ document, path: [index, 'version'] }, raw.version),
  ];
  return { findings: broken, entry: broken.length === 0 ? toEntry(raw) : undefined };
}

function toEntry(raw: RawEntry): SpecMapEntry {
  const flavour = raw.flavour ?? flavourOf(raw.path);
  return {
    vendor: raw.vendor,
    version: raw.version,
    type: raw.type ?? `${raw.vendor} ${flavour}`,
    appManager: raw.appManager ?? 'Default',
    path: raw.path,
    flavour,
  };
}

/** `acme/basic/spec.json` → `basic`; a spec that is no `spec.*` gives its own name. */
function flavourOf(path: string): string {
  const names = path.split('/');
  const file = (names.at(-1) ?? '').replace(/\.\w+$/, '');
  return file === 'spec' ? (names.at(-2) ?? file) : file;
}

function checkPath(document: ParsedDocument, path: string, index: number): readonly BdeError[] {
  const inside =
    !/^\/|\\|^[A-Za-z]:/.test(path) && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
  if (inside) return [];
  const message = `${quoteText(path)} does not stay inside the specs folder; allowed is a relative path without "." and ".."`;
  return [findingAt({ document, path: [index, 'path'] }, { code: 'FIELD_INVALID', message })];
}

function notAList(document: ParsedDocument): BdeError {
  return findingAt({ document, path: [] }, { code: 'FIELD_INVALID', message: 'the spec map is no list of specs' });
}
