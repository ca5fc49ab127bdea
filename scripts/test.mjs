// `npm test`: every check and every suite. `npm test -- unit e2e`: the build and these suites.
import { prepareNode, prepareVscode } from "./setup.mjs";

try {
  prepareNode();
  const { runTests } = await import("./testing/runTests.ts");
  process.exitCode = (await runTests(process.argv.slice(2), prepareVscode)) ? 0 : 1;
} catch (error) {
  console.log(error.message);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
