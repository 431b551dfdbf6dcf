/**
 * A Jest reporter that ends a run with one plain line, for readers that don't know Jest: "Tests: 12 passed, 0 failed".
 */
module.exports = class ClosingLine {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, numTodoTests }) {
    // A test file that does not even load has no tests that could fail.
    const failed = numFailedTests || numFailedTestSuites;
    const skipped = numPendingTests + numTodoTests;
    process.stderr.write(`\nTests: ${numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  }
};
