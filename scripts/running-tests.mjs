// A vitest reporter: keeps the tests that run at the moment in the file that `BDE_RUNNING_TESTS` names, one per line.
import { writeFileSync } from 'node:fs';
import process from 'node:process';

export default class RunningTests {
  #running = new Map();

  onTestModuleQueued(testModule) {
    this.#running.set(testModule.id, testModule.relativeModuleId);
    this.#write();
  }

  onTestModuleEnd(testModule) {
    this.#running.delete(testModule.id);
    this.#write();
  }

  onTestCaseReady(test) {
    this.#running.set(test.id, `${test.module.relativeModuleId} > ${test.fullName}`);
    this.#write();
  }

  onTestCaseResult(test) {
    this.#running.delete(test.id);
    this.#write();
  }

  #write() {
    writeFileSync(process.env.BDE_RUNNING_TESTS, [...this.#running.values(), ''].join('\n'));
  }
}
