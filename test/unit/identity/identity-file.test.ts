import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/errors/secret.js';
import { generateIdentityFile, parseIdentityFile } from '../../../src/identity/identity-file.js';

/** Of age's own test data; it opens nothing. */
const KEY = 'AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0';
const PATH = '/etc/bde/identity';

function parse(text: string): string {
  return parseIdentityFile(new Secret(text), PATH).reveal();
}

describe('parseIdentityFile', () => {
  it('finds the key among comments and empty lines', () => {
    expect(parse(`# created: 2026-11-21\n\n# public key: age1x\n  ${KEY}\r\n\n`)).toBe(KEY);
  });

  it('takes a file that holds the key alone', () => {
    expect(parse(KEY)).toBe(KEY);
  });

  it('reads what it generates', async () => {
    const file = await generateIdentityFile();

    expect(parse(file.reveal())).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/);
  });

  it.each([
    ['nothing', '# only a comment\n'],
    ['2 lines', `${KEY}\n${KEY}\n`],
    ['another line', '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['another line', KEY.slice(0, -1)],
    ['another line', KEY.toLowerCase()],
  ])('refuses a file that holds %s', (found, text) => {
    expect(() => parse(text)).toThrow(
      `The operator identity ${PATH} holds ${found} where one line AGE-SECRET-KEY-1… is expected.`,
    );
  });

  it('quotes nothing of a file that it refuses', () => {
    const error = caught(() => parse('sentinel-7f3a'));

    expect(error).toMatchObject({ code: 'IDENTITY_INVALID' });
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain('sentinel-7f3a');
  });
});

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
