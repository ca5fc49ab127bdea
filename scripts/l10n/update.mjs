// `node scripts/l10n/update.mjs`: writes l10n/bundle.l10n.json from the code, drops translations that nothing says any
// more, and lists what has no translation yet.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { userTexts } from "./userTexts.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "l10n");
const { texts, notLiteral } = userTexts(root);
const english = [...texts.keys()].sort();
write("bundle.l10n.json", Object.fromEntries(english.map((text) => [text, text])));
for (const place of notLiteral) console.log(`not literal: ${place}`);
for (const file of readdirSync(folder).filter((name) => /^bundle\.l10n\..+\.json$/.test(name))) {
  const bundle = JSON.parse(readFileSync(join(folder, file), "utf8"));
  write(file, Object.fromEntries(english.filter((text) => text in bundle).map((text) => [text, bundle[text]])));
  for (const text of english) if (!(text in bundle)) console.log(`${file}: ${JSON.stringify(text)}`);
}

function write(file, bundle) {
  writeFileSync(join(folder, file), `${JSON.stringify(bundle, null, 2)}\n`);
}
