// Mocha's own words on the screen, and the counts in a file: they are needed after the process has ended.
import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** Options: `style` (a reporter of Mocha's) and `results` (the file for the counts and for what was run once more). */
export default class CountingReporter {
  constructor(runner, options) {
    const { style, results } = options.reporterOptions;
    new Mocha.reporters[style](runner, options);
    const repeated = [];
    runner.on("retry", (test, error) => {
      repeated.push(test.fullTitle());
      console.log(`FAILED AT FIRST, running once more: ${test.fullTitle()}\n${error.stack ?? error}`);
    });
    runner.once("end", () => {
      const { passes: passed, failures: failed } = runner.stats;
      writeFileSync(results, JSON.stringify({ passed, failed, repeated }));
    });
  }
}
