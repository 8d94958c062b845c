import { describe, expect, it } from 'vitest';
import { lastLines, runCommand, runOrFail } from '../../../../src/providers/local/run-command.js';

describe('runCommand', () => {
  it('gives exit code and both outputs', async () => {
    const outcome = await runCommand(['sh', '-c', 'echo out; echo err >&2; exit 3']);

    expect(outcome).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('hands over input and environment', async () => {
    const outcome = await runCommand(['sh', '-c', 'cat; echo "$GREETING"'], {
      stdin: 'in ',
      env: { GREETING: 'hello' },
    });

    expect(outcome.stdout).toBe('in hello\n');
  });

  it('tells each line of errors as it comes', async () => {
    const lines: string[] = [];

    await runCommand(['sh', '-c', 'printf "one\\ntwo\\n" >&2'], { onErrorLine: (line) => lines.push(line) });

    expect(lines).toEqual(['one', 'two']);
  });

  it('gives 127 for a program that is not there', async () => {
    const outcome = await runCommand(['bde-no-such-program']);

    expect(outcome).toEqual({ exitCode: 127, stdout: '', stderr: 'bde-no-such-program: not found' });
  });

  it('does not mind a program that ends without reading', async () => {
    const outcome = await runCommand(['true'], { stdin: 'x'.repeat(2 ** 20) });

    expect(outcome.exitCode).toBe(0);
  });

  it('rejects when it is aborted', async () => {
    const controller = new AbortController();
    const running = runCommand(['sleep', '60'], { signal: controller.signal });

    controller.abort();

    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('runOrFail', () => {
  it('names the command, its exit code and its last words', async () => {
    const failed = runOrFail(runCommand, ['sh', '-c', 'echo no such device >&2; exit 2']);

    await expect(failed).rejects.toMatchObject({
      code: 'PROVIDER_FAILED',
      message: 'sh -c echo no such device >&2; exit 2 ended with 2: no such device',
    });
  });

  it('sends people to the doctor for a missing program', async () => {
    const failed = runOrFail(runCommand, ['bde-no-such-program']);

    await expect(failed).rejects.toMatchObject({ hint: 'Run `bde doctor` to see what the host lacks.' });
  });
});

describe('lastLines', () => {
  it('leaves out empty lines at the end', () => {
    expect(lastLines('a\nb\nc\n\n', 2)).toBe('b\nc');
  });
});
