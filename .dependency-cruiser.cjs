// Who may import whom (docs/architecture.md). Each layer imports only those before it.
const layers = [
  "tensor",
  "picture",
  "attention",
  "reading",
  "explain",
  "lint",
  "exporting",
  "protocol",
  "service",
  "commandLine",
];

const upwards = layers.map((layer, at) => ({
  name: `${layer}-knows-only-earlier-layers`,
  severity: "error",
  from: { path: `^src/${layer}/` },
  to: { path: `^src/(?!(${layers.slice(0, at + 1).join("|")})/)` },
}));

module.exports = {
  forbidden: [
    ...upwards,
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "pure-layers-know-no-world",
      comment: "vscode, node and the DOM stay out of the pure layers; a package may come in if it is as pure",
      severity: "error",
      from: { path: `^src/(${layers.join("|")})/` },
      to: { path: "^(vscode|node:)|@types/(node|vscode)", pathNot: "^src/" },
    },
    {
      name: "protocol-takes-types-only",
      comment: "the webview bundles the protocol: what it imports at run time ends up in the page",
      severity: "error",
      from: { path: "^src/protocol/" },
      to: { path: "^src/(reading|explain|lint|exporting)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "webview-draws-and-does-not-compute",
      severity: "error",
      from: { path: "^webview/" },
      to: {
        path: "^src/",
        pathNot: "^src/(protocol|picture|tensor|attention/problem|explain/(visible|formWords))",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "webview-knows-no-host",
      severity: "error",
      from: { path: "^webview/" },
      to: { path: "^src/(sources|features|platform|service)/" },
    },
    { name: "host-knows-no-page", severity: "error", from: { path: "^src/" }, to: { path: "^webview/" } },
    {
      name: "toolkit-through-controls-only",
      severity: "error",
      from: { path: "^(src|webview)/", pathNot: "^webview/ui/controls\\.ts$" },
      to: { path: "@vscode/webview-ui-toolkit" },
    },
    {
      name: "only-roots-construct",
      comment: "features and sources know interfaces; extension.ts, cli.ts and worker entries join them with what runs",
      severity: "error",
      from: { path: "^src/(features|sources)/" },
      to: { path: "^src/(service|platform|attention/(?!problem|result))", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "sources-know-no-feature",
      severity: "error",
      from: { path: "^src/sources/" },
      to: { path: "^src/features/" },
    },
    {
      name: "platforms-stay-apart",
      severity: "error",
      from: { path: "^src/platform/node/" },
      to: { path: "^src/platform/web/" },
    },
    {
      name: "platforms-stay-apart-too",
      severity: "error",
      from: { path: "^src/platform/web/" },
      to: { path: "^src/platform/node/|^node:" },
    },
    {
      name: "no-test-in-the-product",
      severity: "error",
      from: { path: "^(src|webview)/" },
      to: { path: "^(test|bench|scripts)/" },
    },
    {
      name: "no-unresolved",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^(#platform|#formulas|#formulaMarkup|vscode)$" },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|test/output)/" },
    enhancedResolveOptions: { extensions: [".ts", ".mjs", ".js", ".json", ".d.ts"] },
  },
};
