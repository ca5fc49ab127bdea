// The browser that shows VS Code and the panel in tests.
import { existsSync } from "node:fs";
import { findProgram, isRunnable, run } from "./shell.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
const usualPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];
const debianPackages = ["chromium", "fonts-noto-cjk"];

/** The path of a Chromium; on Debian as root it is installed when missing, elsewhere the error says what to install. */
export function ensureChromium(say) {
  const path = findChromium() ?? (canInstall() ? installOnDebian(say) : undefined);
  if (path) return path;
  throw new Error(
    "No Chromium was found. Install Chromium or Google Chrome and put it on PATH, or set CHROME_PATH to its program. " +
      `On Debian or Ubuntu: sudo apt-get install ${debianPackages.join(" ")}`,
  );
}

function findChromium() {
  const wanted = process.env.CHROME_PATH;
  if (wanted && !isRunnable(wanted))
    throw new Error(`CHROME_PATH is ${wanted}, which is not a program that can be run.`);
  return wanted || findProgram(...names) || usualPlaces.find(isRunnable);
}

function canInstall() {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && findProgram("apt-get") !== undefined;
}

function installOnDebian(say) {
  say(`Installing ${debianPackages.join(" and ")} with apt-get…`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update"], { env });
  run("apt-get", ["install", "-y", "--no-install-recommends", ...debianPackages], { env });
  return findChromium();
}
