// Makes a server speak another display language to extensions. The real language packs are not on npm, so this one is
// empty: VS Code's own words stay English, while `vscode.env.language`, `l10n` and `package.nls.*.json` follow.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** `language` as VS Code writes it, such as `zh-cn`. To be called before the server starts. */
export function installDisplayLanguage(dataFolder: string, language: string): void {
  const folder = join(dataFolder, "data");
  const translations = join(folder, "emptyLanguagePack.json");
  mkdirSync(folder, { recursive: true });
  writeFileSync(translations, JSON.stringify({ version: "1.0.0", contents: {} }));
  const pack = {
    hash: "empty",
    label: language,
    extensions: [{ extensionIdentifier: { id: "attention-loupe.empty-language-pack" }, version: "1.0.0" }],
    translations: { vscode: translations },
  };
  writeFileSync(join(folder, "languagepacks.json"), JSON.stringify({ [language]: pack }));
}
