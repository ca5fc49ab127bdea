// npm run screens : pictures of the panel in every width, theme and language, with a sheet of each scene in test/output/screens.
import { prepareNode } from "./setup.mjs";

prepareNode();
process.env.SCREENS = "all";
const { runMocha } = await import("./testing/mochaSuite.ts");
const files = ["test/webview/screens.test.ts"];
const { failed } = runMocha({ name: "screens", files, style: "Spec", timeout: 120_000, retries: 0 });
process.exitCode = failed === 0 ? 0 : 1;
