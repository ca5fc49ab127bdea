import { Disposable, workspace } from "vscode";
import type { TextRange } from "../reading/document.ts";
import { shiftPlaces } from "./shiftPlaces.ts";

/**
 * What was shown beside a text last. It moves along with edits, so that it need not vanish and come back while someone
 * types and not all is known yet.
 */
export class KeptPlaces<T extends TextRange> implements Disposable {
  readonly #kept = new Map<string, readonly T[]>();
  readonly #subscriptions = Disposable.from(
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const uri = document.uri.toString();
      const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
        offset: rangeOffset,
        length: rangeLength,
        text,
      }));
      const known = this.#kept.get(uri);
      if (known && changes.length > 0) this.#kept.set(uri, shiftPlaces(known, changes));
    }),
    workspace.onDidCloseTextDocument(({ uri }) => this.#kept.delete(uri.toString())),
  );

  /** Those that begin in a stretch of the text. */
  within(uri: string, { start, end }: TextRange): T[] {
    return (this.#kept.get(uri) ?? []).filter((place) => place.start >= start && place.start <= end);
  }

  /** Takes these for those that were known in a stretch of the text. */
  replace(uri: string, places: readonly T[], { start, end }: TextRange): void {
    const others = (this.#kept.get(uri) ?? []).filter((place) => place.start < start || place.start > end);
    this.#kept.set(uri, [...others, ...places]);
  }

  /** These, and those that are known where none of these begins. */
  completed(uri: string, places: readonly T[], stretch: TextRange): T[] {
    const starts = new Set(places.map(({ start }) => start));
    return [...places, ...this.within(uri, stretch).filter(({ start }) => !starts.has(start))];
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
