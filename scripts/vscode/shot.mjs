// Takes a picture of the extension at work in a real VS Code: `npm run shot -- --help`.
import { prepareNode, prepareVscode } from "../setup.mjs";

try {
  prepareNode();
  const { takeShot } = await import("./shot.ts");
  await takeShot(process.argv.slice(2), prepareVscode());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
