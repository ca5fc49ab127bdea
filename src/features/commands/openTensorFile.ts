import { Uri, window } from "vscode";
import type { Translate } from "../../tensor/message.ts";
import type { RunOnFile } from "./runOnFile.ts";

/** **Attention: Open Tensor File…**: what NumPy, PyTorch or safetensors saved, of which only what is looked at is read. */
export class OpenTensorFile {
  readonly #run: RunOnFile;
  readonly #translate: Translate;

  constructor(run: RunOnFile, translate: Translate) {
    this.#run = run;
    this.#translate = translate;
  }

  /** @param argument the file, from the explorer's menu; otherwise the user picks one. */
  async open(argument: unknown): Promise<void> {
    const uri = argument instanceof Uri ? argument : await this.#pick();
    if (uri) await this.#run.run({ uri: uri.toString(), offset: 0 });
  }

  async #pick(): Promise<Uri | undefined> {
    const name = this.#translate("Files of tensors");
    const picked = await window.showOpenDialog({
      filters: { [name]: ["npz", "npy", "safetensors"] },
      openLabel: this.#translate("Open Tensor File"),
    });
    return picked?.[0];
  }
}
