import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../../src/spec/document/format-path.js';
import { indexLines } from '../../../../src/spec/document/line-index.js';
import { didYouMean, nearestName } from '../../../../src/spec/document/nearest-name.js';
import { quoteText } from '../../../../src/spec/document/quote-source.js';

describe('formatPath', () => {
  it('writes paths as people do', () => {
    expect(formatPath(['nodeGroups', 1, 'configuration', 'core-site.xml', 'x'])).toBe(
      'nodeGroups[1].configuration["core-site.xml"].x',
    );
    expect(formatPath([])).toBe('the file');
  });
});

describe('indexLines', () => {
  it('moves offsets outside of the text to its ends', () => {
    const positionOf = indexLines('ab\ncd');

    expect(positionOf(-5)).toEqual({ line: 1, column: 1 });
    expect(positionOf(3)).toEqual({ line: 2, column: 1 });
    expect(positionOf(99)).toEqual({ line: 2, column: 3 });
  });
});

describe('nearestName', () => {
  it('finds a name with a slip or in another case', () => {
    expect(nearestName('instancenum', ['instanceNum', 'instanceType'])).toBe('instanceNum');
    expect(nearestName('mster', ['master', 'worker'])).toBe('master');
  });

  it('offers nothing that is not near', () => {
    expect(nearestName('web', ['database', 'worker'])).toBeUndefined();
    expect(didYouMean('web', ['database'])).toBe('');
    expect(didYouMean('wev', ['web'])).toBe('; did you mean "web"?');
  });
});

describe('quoteText', () => {
  it('keeps control characters out of messages', () => {
    expect(quoteText('a\u001b[31m\n"b"')).toBe('"a\\u001b[31m\\n\\"b\\""');
  });
});
