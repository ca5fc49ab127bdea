import {
  Disposable,
  type FileRenameEvent,
  type FileSystemWatcher,
  type Progress,
  ProgressLocation,
  RelativePattern,
  Uri,
  window,
  workspace,
} from "vscode";
import { inLabel } from "../explain/visible.ts";
import type { DocumentSummary } from "../protocol/core.ts";
import { isTensorFile } from "../reading/binary/tensorDocument.ts";
import type { Language } from "../reading/document.ts";
import { done, failed, type Outcome } from "../tensor/message.ts";
import type { CoreSession } from "./coreSession.ts";
import type { DocumentMirror } from "./documentMirror.ts";
import { languageOfPath } from "./languages.ts";
import { nameOf } from "./nameOf.ts";
import { renamed } from "./renames.ts";
import { hasTab } from "./tabs.ts";
import { whileWaiting } from "./whileWaiting.ts";

const megabyte = 2 ** 20;
/** What the worker reads by itself: a JavaScript text has no more characters than this. */
const readLimit = 480 * megabyte;
/** What is handed to the worker in one piece, since only the host may read it. */
const handedLimit = 256 * megabyte;

/** Milliseconds between two looks at how far reading is. */
const watchPace = 300;

export interface LargeFileParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly onFailure: (error: unknown) => void;
  readonly title: (name: string) => string;
}

/**
 * Files that are no documents, because they are too large (VS Code synchronises none over 50 MB) or hold no text (.npz):
 * read when a command asks for one, again when it changes on disk, and forgotten when its last tab is closed.
 */
export class LargeFiles implements Disposable {
  readonly #parts: LargeFileParts;
  readonly #watchers = new Map<string, FileSystemWatcher>();
  /** Every file that was read: a renamed one may have lost its old tab before it is told. */
  readonly #read = new Set<string>();
  readonly #subscriptions: Disposable;

  constructor(parts: LargeFileParts) {
    this.#parts = parts;
    this.#subscriptions = Disposable.from(
      window.tabGroups.onDidChangeTabs(() => this.#forgetClosed()),
      workspace.onDidRenameFiles(({ files }) => this.#renamed(files)),
    );
  }

  /** The reading of a file; fails where it is too large or of no language that is read. */
  async read(uri: Uri): Promise<Outcome<DocumentSummary>> {
    const address = uri.toString();
    // A file of tensors has no text; what is told of it is what is told of JSON.
    const language = isTensorFile(uri.path) ? "json" : languageOfPath(uri.path);
    if (!language) return failed("source.language", { name: nameOf(uri) });
    const { size } = await workspace.fs.stat(uri);
    const limit = uri.scheme !== "file" ? handedLimit : isTensorFile(uri.path) ? Number.POSITIVE_INFINITY : readLimit;
    if (size > limit)
      return failed("source.tooLarge", {
        name: nameOf(uri),
        size: inMegabytes(size),
        limit: inMegabytes(limit),
      });
    const { mirror } = this.#parts;
    if (mirror.has(address)) await mirror.tryAgain(address);
    else await this.#open(uri, language);
    const summary = await mirror.readingOf(address);
    if (summary) return done(summary);
    const problem = mirror.stopped(address);
    return problem ? { ok: false, problem } : failed("source.unreadable", { name: nameOf(uri) });
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }

  async #open(uri: Uri, language: Language): Promise<void> {
    const { mirror, title } = this.#parts;
    const options = { location: ProgressLocation.Notification, title: inLabel(title(nameOf(uri))) };
    await window.withProgress(options, (progress) => {
      const reading = mirror.openFile(uri, (version) => this.#give(uri, language, version));
      return whileWaiting(reading, () => void this.#tell(uri, progress), watchPace);
    });
    this.#watch(uri);
  }

  async #tell(uri: Uri, progress: Progress<{ message: string }>): Promise<void> {
    const share = await this.#parts.core.remote.progress({ uri: uri.toString() }).catch(() => null);
    if (share !== null) progress.report({ message: `${Math.floor(share * 100)} %` });
  }

  /** The worker reads files of this machine by itself; from elsewhere, the host hands the bytes over. */
  async #give(uri: Uri, language: Language, version: number): Promise<DocumentSummary> {
    const request = { uri: uri.toString(), language, version };
    const { remote } = this.#parts.core;
    if (uri.scheme === "file") return remote.openFile({ ...request, path: uri.fsPath });
    return remote.openFile({ ...request, bytes: await workspace.fs.readFile(uri) });
  }

  #renamed(files: FileRenameEvent["files"]): void {
    for (const address of this.#read) {
      const moved = renamed(address, files);
      if (!moved) continue;
      this.#read.delete(address);
      this.read(Uri.parse(moved)).catch(this.#parts.onFailure);
    }
  }

  #watch(uri: Uri): void {
    this.#read.add(uri.toString());
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(uri, ".."), nameOf(uri)));
    watcher.onDidChange(() => this.#parts.mirror.fileChanged(uri));
    this.#watchers.set(uri.toString(), watcher);
  }

  #forgetClosed(): void {
    for (const [address, watcher] of this.#watchers) {
      // One of tensors is not kept but its head, and has no tab to begin with.
      if (hasTab(address) || isTensorFile(address)) continue;
      watcher.dispose();
      this.#watchers.delete(address);
      this.#parts.mirror.close(Uri.parse(address));
    }
  }
}

function inMegabytes(bytes: number): number {
  return Math.round(bytes / megabyte);
}
