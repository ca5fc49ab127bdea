import type { FindModule } from "../reading/document.ts";
import { moduleFinder } from "../reading/python/modules.ts";

/** One document does not ask for more files than this. */
const most = 200;

/**
 * Files that the core cannot read by itself, by their addresses: a reading asks for those that its imports may mean, and
 * whoever can read them hands them over.
 */
export class HandedFiles {
  readonly #texts = new Map<string, string | null>();
  readonly #wanted = new Map<string, Set<string>>();

  /** @param text null: there is no such file. */
  hand(uri: string, text: string | null): void {
    this.#texts.set(uri, text);
  }

  /** What the last reading of a document has asked for. */
  wantedBy(uri: string): readonly string[] {
    return [...(this.#wanted.get(uri) ?? [])];
  }

  /** Finds what the document at `uri` imports, up to the folder `root`. */
  modulesOf(uri: string, root: string): FindModule {
    const [, place, path] = /^([\w.+-]+:(?:\/\/[^/]*)?)([^?#]*)/.exec(uri) ?? ["", "", uri];
    const wanted = new Set<string>();
    this.#wanted.set(uri, wanted);
    return moduleFinder(path!, root.slice(place!.length), (file) => {
      const known = this.#texts.get(place + file);
      if (known === undefined && wanted.size < most) wanted.add(place + file);
      return known ?? null;
    });
  }
}
