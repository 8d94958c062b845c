import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Secret } from '../../../../src/errors/secret.js';
import { CONFIG_FORMATS } from '../../../../src/cookbook/formats/config-format.js';
import { FormatProblem, type ConfigMap } from '../../../../src/cookbook/formats/config-value.js';
import { quoteShell } from '../../../../src/cookbook/quote-shell.js';
import { fillSecrets, secretToken } from '../../../../src/cookbook/secret-token.js';

function print(format: string, map: ConfigMap): string {
  const printer = CONFIG_FORMATS[format];
  if (printer === undefined) throw new Error(`there is no format ${format}`);
  return printer(map);
}

/** What a node gets where the secret `p` has this value. */
function filled(format: string, value: string): string {
  const script = quoteShell(print(format, { key: secretToken('p') }));
  const text = fillSecrets(script, new Map([['p', new Secret(value)]])).reveal();
  return text.slice(1, -1).replaceAll(`'\\''`, "'");
}

describe('xml', () => {
  it('is a property for each key, in the order given', () => {
    expect(print('xml', { b: 3, a: ['x', 'y'] })).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<configuration>',
        '  <property>',
        '    <name>b</name>',
        '    <value>3</value>',
        '  </property>',
        '  <property>',
        '    <name>a</name>',
        '    <value>x,y</value>',
        '  </property>',
        '</configuration>',
        '',
      ].join('\n'),
    );
  });

  it('escapes what would be markup, in keys too', () => {
    const text = print('xml', { 'a<b': 'x && y > "z"\r\n' });

    expect(text).toContain('<name>a&lt;b</name>');
    expect(text).toContain('<value>x &amp;&amp; y &gt; "z"&#13;\n</value>');
  });

  it('refuses control characters, which no XML can hold', () => {
    expect(() => print('xml', { bell: '\u0007' })).toThrow(
      new FormatProblem('has a control character at "bell", which XML cannot hold'),
    );
  });
});

describe('properties', () => {
  it('is one line for each key', () => {
    expect(print('properties', { 'server.port': 8080, tls: false, list: [1, 2] })).toBe(
      'server.port=8080\ntls=false\nlist=1,2\n',
    );
  });

  it('escapes keys at every sign that would end them', () => {
    expect(print('properties', { ' a b=c:d#e!f\\g': '' })).toBe('\\ a\\ b\\=c\\:d\\#e\\!f\\\\g=\n');
  });

  it('escapes of a value only what Java would read as something else', () => {
    expect(print('properties', { a: '  two = 1:2 # \\ \t\n\r\f' })).toBe('a=\\  two = 1:2 # \\\\ \\t\\n\\r\\f\n');
  });

  it('writes everything beyond ASCII as UTF-16 units', () => {
    expect(print('properties', { é: '€😀\u0001' })).toBe('\\u00e9=\\u20ac\\ud83d\\ude00\\u0001\n');
  });
});

/** What `java.util.Properties.load` makes of a file, after its documentation. */
function loadProperties(text: string): Readonly<Record<string, string>> {
  const unescape = (part: string): string =>
    part.replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, hex: string | undefined, sign: string) =>
      hex === undefined
        ? ({ t: '\t', n: '\n', r: '\r', f: '\f' }[sign] ?? sign)
        : String.fromCharCode(parseInt(hex, 16)),
    );
  const lines = text.split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [, key = '', value = ''] = /^((?:\\.|[^\\ =:])*)[ \t\f]*[=: ]?[ \t\f]*(.*)$/.exec(line) ?? [];
      return [unescape(key), unescape(value)] as const;
    }),
  );
}

const TEXTS = fc.dictionary(
  fc.string({ unit: 'binary', minLength: 1 }).filter((key) => key !== '__proto__'),
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(' ', '\\', '=', ':', '#', '!', '\n', 'a') }),
  ),
);

describe('any map of texts', () => {
  it('is read back as it was from properties', () => {
    fc.assert(
      fc.property(TEXTS, (map) => {
        expect(loadProperties(print('properties', map))).toEqual(map);
      }),
    );
  });

  it('is read back as it was from JSON and YAML', () => {
    const printable = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.string(),
    );

    fc.assert(
      fc.property(printable, (map) => {
        expect(JSON.parse(print('json', map))).toEqual(map);
        expect(parse(print('yaml', map))).toEqual(map);
      }),
    );
  });
});

describe('ini', () => {
  it('has loose keys first, then a section for each map', () => {
    expect(print('ini', { server: { port: 1, host: '' }, level: 'info', client: {} })).toBe(
      'level = info\n\n[server]\nport = 1\nhost =\n\n[client]\n',
    );
  });

  it.each([
    [{ 'a=b': 1 }, 'has the key "a=b", which ini cannot hold'],
    [{ '[a': 1 }, 'has the key "[a", which ini cannot hold'],
    [{ '#a': 1 }, 'has the key "#a", which ini cannot hold'],
    [{ a: 'x\ny' }, 'has at "a" "x\\ny", which ini cannot hold'],
    [{ a: ' x' }, 'has at "a" " x", which ini cannot hold'],
    [{ 'a]b': {} }, 'has the section "a]b", which ini cannot hold'],
    [{ a: { b: { c: 1 } } }, 'has a map at "b"'],
  ])('refuses %j', (map, message) => {
    expect(() => print('ini', map)).toThrow(message);
  });
});

describe('json', () => {
  it('keeps types and nesting', () => {
    const map = { a: [1, { b: true }], c: { d: 'é"' } };

    expect(JSON.parse(print('json', map))).toEqual(map);
    expect(print('json', map).split('\n')[1]).toBe('  "a": [');
  });
});

describe('yaml', () => {
  it('keeps types and nesting, for readers of YAML 1.1 as well', () => {
    const map = {
      a: [1, { b: true }],
      mode: '0644',
      answer: 'no',
      time: '1:30',
      text: 'two\nlines\n',
      long: 'x '.repeat(99),
    };

    const text = print('yaml', map);

    expect(parse(text)).toEqual(map);
    expect(parse(text, { version: '1.1' })).toEqual(map);
    expect(text).not.toContain('%YAML');
  });
});

describe('secrets in a format', () => {
  const value = `it's "<&>" \\ é: #\n x`;

  it('are escaped as the format has it', () => {
    expect(filled('xml', value)).toContain(`<value>it's "&lt;&amp;&gt;" \\ é: #\n x</value>`);
    expect(filled('properties', value)).toBe(`key=it's "<&>" \\\\ \\u00e9: #\\n x\n`);
    expect(JSON.parse(filled('json', value))).toEqual({ key: value });
    expect(parse(filled('yaml', value))).toEqual({ key: value });
    expect(filled('ini', "it's")).toBe("key = it's\n");
  });
});
