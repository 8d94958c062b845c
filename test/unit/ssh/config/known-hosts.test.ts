import { describe, expect, it } from 'vitest';
import { findKnownHostKeys } from '../../../../src/ssh/config/known-hosts.js';

const A = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==';
const B = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB';
const C = 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY=';

function accepted(text: string, host: string, port = 22): readonly string[] {
  return findKnownHostKeys([text], { host, port }).accepted;
}

describe('findKnownHostKeys', () => {
  it('finds a host among others, by name and by address, whatever its case', () => {
    const text = `other ${B}\ndb-1,10.0.0.7 ${A} olga@desk\n`;

    expect(accepted(text, '10.0.0.7')).toEqual([A]);
    expect(accepted(text, 'DB-1')).toEqual([A]);
    expect(accepted(text, 'db-12')).toEqual([]);
  });

  it('gives every key of a host, over all files, each once', () => {
    const texts = [`db ${A}\ndb ${B}\n`, `db ${A}\ndb ${C}\n`];

    expect(findKnownHostKeys(texts, { host: 'db', port: 22 }).accepted).toEqual([A, B, C]);
  });

  it('takes an entry with a port for that port alone', () => {
    const text = `[db]:2222 ${A}\ndb ${B}\n`;

    expect(accepted(text, 'db', 2222)).toEqual([A]);
    expect(accepted(text, 'db')).toEqual([B]);
    expect(accepted(text, 'db', 2223)).toEqual([]);
  });

  it('follows patterns, and those that shut a host out', () => {
    const text = `*.example.org,!db.example.org ${A}\n10.0.0.? ${B}\n`;

    expect(accepted(text, 'web.example.org')).toEqual([A]);
    expect(accepted(text, 'db.example.org')).toEqual([]);
    expect(accepted(text, '10.0.0.7')).toEqual([B]);
    expect(accepted(text, '10.0.0.77')).toEqual([]);
  });

  it('knows hashed entries as ssh-keygen -H wrote them, with a port too', () => {
    const text = [
      `|1|miRY6KVGqnxFMsXfAP990x97vnE=|qcBI+cNQ0qkoTADCJyrFNspbmaw= ${A}`,
      `|1|0JkoQPC6JkNOVkqGNcNxA4fGGY8=|4Ym3f3gBDgsljli+EGy/KuXDlbM= ${B}`,
    ].join('\n');

    expect(accepted(text, 'db.example.org')).toEqual([A]);
    expect(accepted(text, '10.0.0.7', 2222)).toEqual([B]);
    expect(accepted(text, '10.0.0.7')).toEqual([]);
  });

  it('takes a revoked key away from every host that its line names', () => {
    const found = findKnownHostKeys([`db ${A}\ndb ${B}\n`, `@revoked * ${A}\n`], { host: 'db', port: 22 });

    expect(found).toEqual({ accepted: [B], revoked: [A], hasAuthority: false });
  });

  it('tells an authority from a host key', () => {
    const found = findKnownHostKeys([`@cert-authority *.example.org ${A}\n`], { host: 'db.example.org', port: 22 });

    expect(found).toEqual({ accepted: [], revoked: [], hasAuthority: true });
  });

  it('passes over comments, empty lines, other markers and broken lines', () => {
    const text = `# db ${A}\n\n@other db ${A}\ndb\ndb ssh-ed25519\n|2|a|b ${A}\n`;

    expect(findKnownHostKeys([text], { host: 'db', port: 22 })).toEqual({
      accepted: [],
      revoked: [],
      hasAuthority: false,
    });
  });
});
