// `npm run test:desktop`: the in-host tests in desktop builds of VS Code, the oldest that the manifest promises and the
// newest. Where they cannot be downloaded it says so and ends well, since that is no fault of the code.
import { prepareNode } from "./setup.mjs";

try {
  prepareNode();
  const { testDesktop } = await import("./testing/desktop.ts");
  process.exitCode = (await testDesktop()) ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
