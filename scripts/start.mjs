// `npm start`: the extension at work on the examples, in a real VS Code. `npm start -- --check`: the same without a screen.

import { findProgram } from "./setup/shell.mjs";
import { prepareNode, prepareVscode } from "./setup.mjs";

const options = new Set(process.argv.slice(2));
try {
  prepareNode();
  const { build, checkInBrowser, openDesktop, serve } = await import("./starting/start.ts");
  build();
  const desktop = findProgram("code");
  if (options.has("--check")) await checkInBrowser(prepareVscode());
  else if (desktop && !options.has("--browser")) openDesktop(desktop);
  else await serve(prepareVscode().serverFolder);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
