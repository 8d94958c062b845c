import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseContentPath, parseRequestPath } from '../../../src/repo/serve/parse-request-path.js';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('parseRequestPath', () => {
  it('parts cluster, repo and path', () => {
    expect(parseRequestPath(`/c/${ID}/java/Packages/java-17.0.21%2B9-1~deb12u1.x86_64.rpm?x=1`)).toEqual({
      clusterId: ID,
      repo: 'java',
      path: 'Packages/java-17.0.21+9-1~deb12u1.x86_64.rpm',
    });
  });

  it.each([
    '/',
    '/health/',
    `/c/${ID}`,
    `/c/${ID}/java/`,
    `/c/short/java/repodata/repomd.xml`,
    `/c/${ID}/Java/repodata/repomd.xml`,
    `/c/${ID}/../java/x`,
    `/c/${ID}/java/../../x`,
    `/c/${ID}/java/%2e%2e/x`,
    `/c/${ID}/java/a%2f..%2fb`,
    `/c/${ID}/java/a//b`,
    `/c/${ID}/java/.signed-by`,
    `/c/${ID}/java/a%00b`,
    `/c/${ID}/java/a%0ab`,
    `/c/${ID}/java/a%5cb`,
    `/c/${ID}/java/%zz`,
    `http://other/c/${ID}/java/x`,
  ])('answers %s with nothing', (url) => {
    expect(parseRequestPath(url)).toBeUndefined();
  });

  it('never gives a path that leads up or hides', () => {
    const piece = fc.constantFrom('..', '.', '/', '%2e', '%2f', '%5c', '\\', 'a', '%00', '~', '%252e');

    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        const path = parseRequestPath(`/c/${ID}/java/${pieces.join('')}`)?.path ?? 'nothing';

        expect(path.split('/').some((segment) => segment === '' || segment.startsWith('.'))).toBe(false);
      }),
    );
  });
});

describe('parseContentPath', () => {
  const SUM = 'ab'.repeat(32);

  it('reads a cluster and a sum', () => {
    expect(parseContentPath(`/c/${ID}/_content/${SUM}`)).toEqual({ clusterId: ID, sum: SUM });
  });

  it.each([
    `/c/${ID}/_content/${SUM.toUpperCase()}`,
    `/c/${ID}/_content/${SUM}/x`,
    `/c/${ID}/_content/../${SUM}`,
    `/c/../_content/${SUM}`,
    `/c/${ID}/content/${SUM}`,
    '',
  ])('takes %j for none', (path) => {
    expect(parseContentPath(path)).toBeUndefined();
  });
});
