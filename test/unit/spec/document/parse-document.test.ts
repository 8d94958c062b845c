import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DOCUMENT_BYTES, parseDocument } from '../../../../src/spec/document/parse-document.js';

const messages = (text: string, file = 'spec.json') => parseDocument(text, file).errors.map(({ message }) => message);

describe('parseDocument for JSON', () => {
  it('reads comments and a byte order mark', () => {
    const document = parseDocument('\uFEFF// one\n{"a": /* two */ [1, "x", null]}', 'spec.json');

    expect(document.errors).toEqual([]);
    expect(document.value).toEqual({ a: [1, 'x', null] });
    expect(document.locate(['a', 1], 'value')).toEqual({ line: 2, column: 21 });
  });

  it('reads JSON whatever the extension, unless it is YAML', () => {
    expect(parseDocument('{"a": 1}', 'spec').value).toEqual({ a: 1 });
    expect(parseDocument('a: 1', 'spec').wellFormed).toBe(false);
  });

  it('tells where keys and values stand', () => {
    const document = parseDocument('{\n  "a": {\n    "b": true\n  }\n}', 'spec.json');

    expect(document.locate(['a', 'b'], 'key')).toEqual({ line: 3, column: 5 });
    expect(document.locate(['a', 'b'], 'value')).toEqual({ line: 3, column: 10 });
  });

  it('gives the enclosing value for a path that is not there', () => {
    const document = parseDocument('{\n  "a": {}\n}', 'spec.json');

    expect(document.locate(['a', 'x', 'y'], 'key')).toEqual({ line: 2, column: 8 });
    expect(document.sourceOf(['a', 'x'])).toBeUndefined();
  });

  it('counts lines that end in carriage returns', () => {
    const document = parseDocument('{\r\n"a":\r\n1}', 'spec.json');

    expect(document.locate(['a'], 'value')).toEqual({ line: 3, column: 1 });
  });

  it('reports every error of the text at once', () => {
    expect(messages('{"a":1 "b":2, c:3,}')).toEqual([
      'spec.json:1:8: "," is missing, found "b"',
      'spec.json:1:15: a word needs double quotes, found "c"',
      'spec.json:1:18: a value is missing, found ","',
      'spec.json:1:19: a field name in double quotes is missing, found "}"',
    ]);
  });

  it('says of a bare word only that it needs quotes', () => {
    expect(messages('{"size": SMALL, "n": 1}')).toEqual(['spec.json:1:10: a word needs double quotes, found "SMALL"']);
  });

  it('says what is missing at the end', () => {
    expect(messages('{"a": [1, 2')).toEqual(['spec.json:1:12: "]" is missing, found the end of the file']);
    expect(messages('')).toEqual(['spec.json:1:1: a value is missing, found the end of the file']);
  });

  it('reports duplicate keys and keeps the value', () => {
    const document = parseDocument('{"g": [{"b": 1,\n "b": 2}]}', 'spec.json');

    expect(document.wellFormed).toBe(true);
    expect(document.errors.map(({ code, message }) => [code, message])).toEqual([
      ['SYNTAX_INVALID', 'spec.json:2:2: "b" is there twice, first at 1:9'],
    ]);
  });

  it('refuses the key that would set a prototype', () => {
    const document = parseDocument('{"__proto__": {"admin": true}}', 'spec.json');

    expect(document.errors.map(({ message }) => message)).toEqual(['spec.json:1:2: "__proto__" cannot be a key']);
    expect((document.value as { admin?: boolean }).admin).toBeUndefined();
  });

  it('bounds the number of errors of a garbage file', () => {
    expect(messages('@ '.repeat(10_000)).length).toBeLessThanOrEqual(20);
  });

  it('refuses a text that nests too deep without parsing it', () => {
    expect(messages('['.repeat(200_000))).toEqual(['spec.json:1:101: nested deeper than 100 levels']);
  });

  it('refuses a text of five megabytes with the bound', () => {
    const text = `{"a": "${'x'.repeat(5 * 1024 * 1024)}"}`;

    expect(text.length).toBeGreaterThan(MAX_DOCUMENT_BYTES);
    expect(messages(text)).toEqual(['spec.json is 5.0 MiB; at most 4.0 MiB are read']);
  });
});

describe('parseDocument for YAML', () => {
  it('reads plain data with places', () => {
    const document = parseDocument('# x\na:\n  - b: no\n    c: 2020-01-01\n', 'role.yaml');

    expect(document.value).toEqual({ a: [{ b: 'no', c: '2020-01-01' }] });
    expect(document.locate(['a', 0, 'c'], 'key')).toEqual({ line: 4, column: 5 });
    expect(document.locate(['a', 0, 'c'], 'value')).toEqual({ line: 4, column: 8 });
  });

  it('keeps how a scalar is written', () => {
    const document = parseDocument('mode: 0644\nversion: "1.10"\n', 'role.yml');

    expect(document.value).toEqual({ mode: 644, version: '1.10' });
    expect(document.sourceOf(['mode'])).toBe('0644');
    expect(document.sourceOf(['version'])).toBe('"1.10"');
  });

  it('takes numbers as keys for the text they are', () => {
    expect(parseDocument('8080: web\n', 'x.yaml').value).toEqual({ '8080': 'web' });
  });

  it('reports duplicate keys with both places', () => {
    expect(messages('a: 1\nb: 2\na: 3\n', 'x.yaml')).toEqual(['x.yaml:3:1: "a" is there twice, first at 1:1']);
  });

  it.each([
    ['b: &x 1\nc: *x\n', 'x.yaml:2:4: aliases are not read'],
    ['a: !!binary aGk=\n', 'x.yaml:1:13: this value has no counterpart in JSON'],
    ['a: .inf\n', 'x.yaml:1:4: this value has no counterpart in JSON'],
    ['? [a]\n: 1\n', 'x.yaml:1:3: a key has to be a plain word or a string'],
    ['a: 1\n---\nb: 2\n', 'x.yaml:2:1: a second document begins; a file holds one'],
    ['# nothing\n', 'x.yaml:1:1: the file is empty'],
  ])('refuses %j with its place', (text, message) => {
    expect(messages(text, 'x.yaml')).toEqual([message]);
  });

  it.each(['['.repeat(100_000), '- '.repeat(50_000), '{a: '.repeat(50_000), '? '.repeat(50_000)])(
    'survives a text that nests too deep',
    (text) => {
      const [message] = messages(text, 'x.yaml');

      expect(message).toMatch(/^x\.yaml:1:\d+: nested deeper than 100 levels$/);
    },
  );

  it('refuses a document that is only just too deep', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

    expect(messages(nested(90), 'x.yaml')).toEqual([]);
    expect(messages(nested(110), 'x.yaml')).toEqual(['x.yaml:1:102: nested deeper than 100 levels']);
  });

  it('refuses a text of more than one mebibyte', () => {
    expect(messages('a: b\n'.repeat(300_000), 'x.yaml')).toEqual(['x.yaml is 1.4 MiB; at most 1.0 MiB are read']);
  });

  it('does not take shell text in a block for nesting', () => {
    const text = `run: |\n${'  if [ -n "$x" ]; then { { {\n'.repeat(500)}after: 1\n`;

    expect(messages(text, 'x.yaml')).toEqual([]);
  });
});

const json = fc.jsonValue({ depthSize: 'medium' }).filter((value) => !JSON.stringify(value).includes('__proto__'));

describe('parseDocument for any text', () => {
  it('gives back what JSON printed', () => {
    fc.assert(
      fc.property(json, fc.boolean(), (value, spaced) => {
        const document = parseDocument(JSON.stringify(value, null, spaced ? 2 : 0), 'x.json');

        expect(document.errors).toEqual([]);
        expect(document.value).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('reads JSON on one line as YAML does', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify({ value });

        expect(parseDocument(text, 'x.yaml').value).toEqual(parseDocument(text, 'x.json').value);
      }),
    );
  });

  it('never throws and points inside the text', () => {
    const path = fc.array(fc.oneof(fc.string(), fc.nat(3)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.constantFrom('x.json', 'x.yaml'), path, (text, file, where) => {
        const document = parseDocument(text, file);
        const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
        const places = [...document.errors.map(({ subject }) => subject), document.locate(where, 'key')];

        for (const { line = 0, column = 0 } of places) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
