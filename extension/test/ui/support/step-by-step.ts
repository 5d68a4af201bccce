/** Each test goes on from the one before: after one that failed the rest is skipped, by name. */
export function stepByStep(suite: Mocha.Suite): void {
  let broken = false;
  suite.beforeEach(function () {
    if (broken) this.skip();
  });
  suite.afterEach(function () {
    broken ||= this.currentTest?.state === 'failed';
  });
}
