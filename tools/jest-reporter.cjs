/**
 * Jest's output cut to what one acts on: failing tests in full, everything else in one line per run.
 * Writes the totals to the file named by KKT_TEST_TOTALS, for tools/test.mjs.
 */
const { writeFileSync } = require('node:fs');
const { relative } = require('node:path');

const { KKT_TEST_TOTALS: totalsFile, KKT_TEST_TITLE: title = 'tests' } = process.env;

class QuietReporter {
  failedFiles = [];
  durations = {};

  onTestResult(test, result) {
    const file = relative(process.cwd(), test.path);
    this.durations[file] = (result.perfStats.end - result.perfStats.start) / 1000;
    if (result.failureMessage || result.testExecError) this.failedFiles.push(file);
    if (result.failureMessage) process.stderr.write(`\nFAILED ${file}\n${result.failureMessage}\n`);
  }

  onRunComplete(_contexts, results) {
    // A file that does not even load has no tests to count: it counts as one failure.
    const broken = results.testResults.filter(({ testExecError }) => testExecError).length;
    const totals = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + broken,
      files: results.numTotalTestSuites,
      failedFiles: this.failedFiles,
      durationsS: this.durations,
    };
    if (results.wasInterrupted) totals.failed++;
    const seconds = ((Date.now() - results.startTime) / 1000).toFixed(1);
    const outcome = totals.failed === 0 ? 'ok    ' : 'FAILED';
    process.stderr.write(
      `${outcome} ${title.padEnd(7)} ${seconds} s, ${totals.passed} tests in ${totals.files} files\n`,
    );
    if (totalsFile) writeFileSync(totalsFile, JSON.stringify(totals));
  }

  getLastError() {}
}

module.exports = QuietReporter;
