/**
 * For a suite whose tests build on each other: those after the first that fails are skipped. Mocha's own `bail` would end
 * the other files, too. Call it where the suite is described.
 */
export function inSteps(): void {
  let failed = false;
  beforeEach(function () {
    if (failed) this.skip();
  });
  afterEach(function () {
    failed ||= this.currentTest?.state === "failed";
  });
}
