import { ok } from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fixtures } from "../../scripts/setup/paths.mjs";
import { eventually } from "./support/eventually.ts";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";
