import { fileURLToPath } from "node:url";
import { measuredInVscode } from "./host/inVscode.mjs";

for (let i = 0; i < 2; i++)
  console.log(JSON.stringify(await measuredInVscode(fileURLToPath(new URL("host/firstPython.ts", import.meta.url)))));
