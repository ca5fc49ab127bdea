// A VS Code server of our own: a free port, settings and data in a temporary folder, gone when it is stopped.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installDisplayLanguage } from "./displayLanguage.ts";
import { patience } from "./patience.ts";

/** What setup's `prepareVscode` gives: the folder of the VS Code server and the path of a Chromium. */
export interface Machine {
  readonly serverFolder: string;
  readonly chromium: string;
}

export type Settings = Readonly<Record<string, unknown>>;

export interface ServerOptions {
  /** The folder of the VS Code server, as setup gives it. */
  readonly serverFolder: string;
  /** The folder of an extension to load from source in every window; none when an installed one is meant. */
  readonly extension?: string;
  /** The user's settings, added to those that keep a fresh VS Code quiet. */
  readonly settings?: Settings;
  /** The display language, such as `zh-cn`; English when left out. */
  readonly language?: string;
  /** Whether folders need the user's trust; with it a window starts in Restricted Mode. Off when left out. */
  readonly workspaceTrust?: boolean;
  /** VSIX files to install before it starts. */
  readonly install?: readonly string[];
}

export interface Server {
  readonly address: string;
  /** Where windows find the extension under development. */
  readonly extension: string | undefined;
  /** Where VS Code keeps its data; logs are in `data/logs` below it. */
  readonly dataFolder: string;
  /** Replaces `settings` of the options for windows that are opened from now on. Open ones may follow, late or never. */
  setSettings(settings: Settings): void;
  stop(): void;
}

const quietSettings: Settings = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  // As on the desktop; in a browser VS Code saves every second, so that what is to be reverted may be saved already.
  "files.autoSave": "off",
  "telemetry.telemetryLevel": "off",
  "workbench.enableExperiments": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Starts a server and waits until it can be reached. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const dataFolder = mkdtempSync(join(tmpdir(), "attention-loupe-vscode-"));
  const setSettings = (settings: Settings) => writeSettings(dataFolder, { ...quietSettings, ...settings });
  setSettings(options.settings ?? {});
  if (options.language) installDisplayLanguage(dataFolder, options.language);
  for (const vsix of options.install ?? []) installExtension(options.serverFolder, dataFolder, vsix);
  const child = spawnServer(options, dataFolder);
  const stop = () => {
    process.off("exit", stop);
    endWithChildren(child);
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.on("exit", stop);
  endOnSignals();
  try {
    const port = await portOf(child);
    const extension = options.extension && linkOutside(dataFolder, options.extension);
    return { address: `http://127.0.0.1:${port}`, extension, dataFolder, setSettings, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/**
 * VS Code prefers themes that lie in the folder of the extension under development, to whoever develops a theme. This
 * copy of VS Code lies in our folder with all its themes, so the extension is shown to it under another path.
 */
function linkOutside(dataFolder: string, extension: string): string {
  const link = join(dataFolder, "extension");
  symlinkSync(extension, link, "junction");
  return link;
}

/** A process that a signal ends says no `exit`, and would leave its servers behind. */
function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(1));
  }
}

function writeSettings(dataFolder: string, settings: Settings): void {
  const folder = join(dataFolder, "data", "User");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings, undefined, 2));
}

/** Arguments that every start of the server shares, so that all of them see the same data and extensions. */
function folders(dataFolder: string): string[] {
  return ["--server-data-dir", dataFolder, "--extensions-dir", join(dataFolder, "extensions")];
}

function installExtension(serverFolder: string, dataFolder: string, vsix: string): void {
  const args = [join(serverFolder, "out", "server-main.js"), ...folders(dataFolder), "--install-extension", vsix];
  execFileSync(process.execPath, [...args, "--accept-server-license-terms"], { stdio: ["ignore", "ignore", "pipe"] });
}

function spawnServer(options: ServerOptions, dataFolder: string): ChildProcess {
  const language = options.language ? ["--locale", options.language] : [];
  const trust = options.workspaceTrust ? [] : ["--disable-workspace-trust"];
  return spawn(
    process.execPath,
    [
      join(options.serverFolder, "out", "server-main.js"),
      ...["--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--accept-server-license-terms"],
      ...["--telemetry-level", "off"],
      "--enable-smoke-test-driver", // without it a built VS Code ignores the extension under development
      ...folders(dataFolder),
      ...language,
      ...trust,
    ],
    { stdio: ["ignore", "pipe", "pipe"], detached: process.platform !== "win32" },
  );
}

/** The port that the server says it listens on. Rejects with all that it said when it ends or takes too long. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string) => reject(new Error(`The VS Code server did not start: ${why}.\n${said}`));
    const timer = setTimeout(() => fail(`it said no port within ${patience / 1000} s`), patience);
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
      const port = /listening on (\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.on("exit", (code) => fail(`it ended with ${code}`));
  });
}

/** Ends the server and the extension hosts that it started. */
function endWithChildren(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (process.platform === "win32") execFileSync("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It was gone already.
  }
}
