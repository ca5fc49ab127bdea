import { type Disposable, EventEmitter, type FileRenameEvent, type Memento, workspace } from "vscode";
import type { ChosenTensors } from "../protocol/core.ts";
import { renamed } from "../sources/renames.ts";

const key = "choices";

/** Which tensors the user chose as query, key and value, a file at a time, remembered with the workspace. */
export class Choices implements Disposable {
  readonly #memory: Memento;
  readonly #changed = new EventEmitter<string>();
  readonly #renames: Disposable;
  /** The address of the document whose choice changed. */
  readonly onDidChange = this.#changed.event;

  constructor(memory: Memento) {
    this.#memory = memory;
    this.#renames = workspace.onDidRenameFiles(({ files }) => void this.#rename(files));
  }

  get(uri: string): ChosenTensors | undefined {
    return this.#all()[uri];
  }

  async set(uri: string, choice: ChosenTensors | undefined): Promise<void> {
    const { [uri]: _, ...others } = this.#all();
    await this.#memory.update(key, choice ? { ...others, [uri]: choice } : others);
    this.#changed.fire(uri);
  }

  dispose(): void {
    this.#renames.dispose();
    this.#changed.dispose();
  }

  #all(): Readonly<Record<string, ChosenTensors>> {
    return this.#memory.get(key, {});
  }

  async #rename(files: FileRenameEvent["files"]): Promise<void> {
    for (const [uri, choice] of Object.entries(this.#all())) {
      const moved = renamed(uri, files);
      if (!moved) continue;
      await this.set(uri, undefined);
      await this.set(moved, choice);
    }
  }
}
