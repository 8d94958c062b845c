import { describe, expect, it } from 'vitest';
import { runTool } from '../../../src/repo/run-tool.js';

describe('runTool', () => {
  it('gives what the tool said', async () => {
    expect(await runTool(['sh', '-c', 'echo out; echo err >&2'])).toEqual({
      exitCode: 0,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('hands arguments over as they are', async () => {
    const words = ['$(id)', 'a b', "it's", '*', ''];

    const { stdout } = await runTool(['printf', '%s|', ...words]);

    expect(stdout).toBe("$(id)|a b|it's|*||");
  });

  it('takes other exit codes where they are answers', async () => {
    expect((await runTool(['sh', '-c', 'exit 75'], { accepts: [0, 75] })).exitCode).toBe(75);
  });

  it('tells the last lines of a tool that failed', async () => {
    await expect(runTool(['sh', '-c', 'seq 9 >&2; exit 3'])).rejects.toMatchObject({
      code: 'REPO_FAILED',
      message: 'sh ended with 3: 5\n6\n7\n8\n9',
    });
  });

  it('tells a tool that is not there and the way to get it', async () => {
    await expect(runTool(['bde-no-such-tool'])).rejects.toMatchObject({
      code: 'REPO_FAILED',
      message: 'bde-no-such-tool cannot be run: spawn bde-no-such-tool ENOENT',
      hint: 'Run: bde doctor --fix',
    });
  });

  it('tells a tool that a signal ended', async () => {
    await expect(runTool(['sh', '-c', 'kill -9 $$'])).rejects.toThrow('sh ended with a signal');
  });
});
