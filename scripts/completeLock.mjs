// Adds to package-lock.json the packages for other platforms that npm left out. npm writes only those that its registry
// offered at that moment, and mirrors may lack some; `npm ci` then refuses the file everywhere, and other platforms get
// no binary. Run after adding or updating a dependency: `node scripts/completeLock.mjs`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup/paths.mjs";

const systems = ["darwin", "win32", "linux", "android", "freebsd", "netbsd", "openbsd", "sunos", "aix", "openharmony"];
const processors = ["x64", "arm64", "ia32", "ppc64", "s390x", "riscv64", "loong64", "mips64el", "arm"];

const file = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const added = Object.entries(lock.packages).flatMap(([path, entry]) => completeOne(path, entry));
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(added.length > 0 ? `Added ${added.join(", ")}.` : "Nothing was missing.");

/** Adds what `path` wants on other platforms; only exact versions can be added without asking a registry. */
function completeOne(path, { optionalDependencies = {}, dev }) {
  return Object.entries(optionalDependencies).flatMap(([name, version]) => {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    const platform = platformOf(name);
    if (places.some((place) => lock.packages[place]) || !platform || !/^\d+\.\d+\.\d+/.test(version)) return [];
    lock.packages[places[1]] = { version, ...platform, ...(dev ? { dev } : {}), optional: true };
    return [name];
  });
}

/** Platform packages carry their platform in their name: cli-linux-arm64-musl, binding-linux-arm-gnueabihf. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (!os || !cpu) return undefined;
  const libc = words.some((word) => word.startsWith("musl"))
    ? "musl"
    : words.some((word) => word.startsWith("gnu"))
      ? "glibc"
      : undefined;
  return { cpu: [cpu], ...(libc ? { libc: [libc] } : {}), os: [os] };
}
