// npm run monkey -- [--minutes 5] [--seed N] : random use of the panel in the real VS Code, for what nobody thought of.
import { prepareNode, prepareVscode } from "./setup.mjs";

prepareNode();
const { runMonkey } = await import("../test/monkey/runMonkey.ts");
process.exitCode = (await runMonkey(process.argv.slice(2), prepareVscode())) ? 0 : 1;
