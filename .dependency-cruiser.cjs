// The rooms of the house and the doors between them. Every rule has a sentence; the tool prints it when it says no.
// Tests are left out of the graph: a test may reach for what it needs, and what only a test imports is dead.

const SERVER = "^packages/server/src/";
/** Where everything is put together: app.ts and its parts. */
const APP = `${SERVER}app(\\.ts$|/)`;

/**
 * Room in packages/server/src -> the server rooms that it may import, and those of which it may import types only.
 * Nothing looks up; only app.ts and its parts meet everyone.
 */
const SERVER_ROOMS = {
  cli: {
    may: ["app", "called", "cases", "config", "doctor", "egress", "flow", "keys", "runs", "sandbox", "templates", "workflows"],
    why: "a command starts the app, calls a use case, or checks offline what publishing, callers and the doctor see",
  },
  http: {
    may: [
      "approvals",
      "called",
      "config",
      "flow",
      "keys",
      "knowledge",
      "members",
      "runs",
      "secrets",
      "starters",
      "templates",
      "usage",
      "webhooks",
      "workflows",
    ],
    types: ["alerts", "credits", "databases", "doctor", "models", "runtime", "store", "tools"],
    why: "a route calls a use case and shows rows; it neither reads the store nor drives the runtime",
  },
  called: {
    may: ["keys", "runs", "store"],
    types: ["runtime"],
    why: "other protocols call workflows by what their documents say of them; runs are started by a route, through the use case",
  },
  runs: { may: ["config", "keys", "runtime", "store", "workflows"], why: "a use case speaks to the two seams and to the other use cases" },
  workflows: {
    may: ["config", "flow", "store"],
    types: ["runtime"],
    why: "publishing needs the store and the formats, and runs nothing",
  },
  webhooks: {
    may: ["runs", "secrets", "store"],
    types: ["egress"],
    why: "a webhook is a run's body, sent through the egress that app.ts hands in and signed with what is sealed; what is owed and what came of it is in the store",
  },
  secrets: {
    may: ["store"],
    types: ["egress", "runtime"],
    why: "what is sealed is rows; an attempt is handed what it needs of them through the runtime's seam, and an egress that keeps it in",
  },
  alerts: {
    may: ["store"],
    why: "what goes wrong is read from the store, and what is told of it is written there; how it is sent and what may be spent is handed in",
  },
  doctor: {
    may: ["config", "egress", "keys"],
    types: ["store"],
    why: "the checks look at the machine and its settings, for the command line and for the server; who answers for the server is handed in",
  },
  starters: {
    may: ["keys", "runs", "store", "workflows"],
    types: ["runtime", "secrets"],
    why: "what begins runs beside the run API does so by the use cases, and keeps in the store what it is to do and what it has done",
  },
  approvals: {
    may: ["store"],
    types: ["keys", "runtime"],
    why: "what people are asked is rows; what they answer goes to the run through the runtime's seam",
  },
  cases: {
    may: ["approvals", "credits", "store", "workflows"],
    types: ["runtime"],
    why: "a case of a test file is a run with a clock, a store and a world of its own; what drives it comes from app.ts",
  },
  credits: {
    may: [],
    types: ["store"],
    why: "what a request costs is arithmetic over the rate card, which is data and rows",
  },
  models: {
    may: ["credits"],
    types: ["egress"],
    why: "models are a capability behind the kit's interface, and cost what the rate card says; what else they need comes from app.ts",
  },
  databases: {
    may: [],
    types: ["egress"],
    why: "databases are a capability behind the kit's interface; connections and sockets to them come from app.ts",
  },
  tools: {
    may: [],
    types: ["egress", "store"],
    why: "tools are a capability behind the kit's interface; imported documents are rows, and the ways out come from app.ts",
  },
  knowledge: {
    may: ["parsing", "store"],
    why: "documents are read, cut and kept as rows; models and the ways out come from app.ts behind the kit's interfaces",
  },
  parsing: { may: [], why: "reading files is a capability behind the kit's interface" },
  telemetry: {
    may: ["config"],
    types: ["egress", "runtime", "store"],
    why: "traces are made of journals and of requests; the store and the ways out come from app.ts",
  },
  usage: {
    may: ["store"],
    types: ["runtime"],
    why: "what runs cost is in the store; what may be spent is told to the runtime through its seam",
  },
  members: { may: ["keys", "store"], why: "members, sessions and what they did are rows; a session may be a key's" },
  keys: { may: ["config", "store"], why: "keys are rows" },
  runtime: {
    may: ["config", "store"],
    why: "the runtime drives runs through the store; what nodes need comes as capabilities from app.ts",
  },
  templates: {
    may: [],
    types: ["knowledge", "store", "workflows"],
    why: "a template is files; what they say is made by the use cases that app.ts hands in",
  },
  flow: { may: [], why: "import and export turn one document into another" },
  store: { may: [], why: "the store keeps what it is given" },
  sandbox: { may: [], why: "the sandbox is a capability behind the kit's interface" },
  egress: { may: [], why: "egress is a capability behind the kit's interface" },
  config: { may: [], why: "configuration is read once and handed down" },
};

/** Nothing imports the folder at a start: it is loaded with the first use of it. */
const loadedLate = (name, folder, { comment, ...imports }) => ({
  ...{ name, comment, severity: "error" },
  from: { path: SERVER, pathNot: [`${SERVER}${folder}`] },
  to: { path: `${SERVER}${folder}`, dynamic: false, ...imports },
});

const roomPath = (name) => (name === "app" ? APP : `${SERVER}${name}/`);
const listed = (names) => (names.length === 0 ? "no other server room" : names.join(", "));

const serverRoomRules = Object.entries(SERVER_ROOMS).flatMap(([room, { may, types = [], why }]) => {
  const typesToo = types.length === 0 ? "" : `, and types of ${listed(types)}`;
  const comment = `server/${room} may import ${listed(may)}${typesToo} (and files beside app.ts): ${why}.`;
  const from = { path: roomPath(room) };
  return [
    {
      name: `server-${room}`,
      comment,
      severity: "error",
      from,
      to: { path: [`${SERVER}[^/]+/`, APP], pathNot: [room, ...may, ...types].map(roomPath) },
    },
    ...types.map((name) => ({
      name: `server-${room}-types-of-${name}`,
      comment,
      severity: "error",
      from,
      to: { path: roomPath(name), dependencyTypesNot: ["type-only"] },
    })),
  ];
});

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "No cycles, neither at run time nor between types: in a cycle no file can be read, tested or moved alone.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "A file that imports nothing and that nobody imports is dead: delete it or use it.",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [
          "\\.d\\.ts$",
          // Texts of a language are found by a glob; the others are entered by the bundler and by the page.
          "^packages/console/(src/.*/messages/|public/|vite\\.config\\.ts$)",
          "/testing/",
          "^scripts/",
          "^packages/[^/]+/(bin|scripts)/",
        ],
      },
      to: {},
    },
    {
      name: "not-to-unresolvable",
      comment: "An import must resolve: inside a package by #folder/file, between packages by @millrace/name.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-undeclared-package",
      comment: "A package imports only what its own package.json lists: what is hoisted here is missing where it is published.",
      severity: "error",
      from: { path: "^packages/", pathNot: "/testing/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-dev-dependency-at-run-time",
      comment: "Sources do not import development dependencies: a user does not have them. Types are allowed.",
      severity: "error",
      from: { path: "^packages/[^/]+/(src|bin)/", pathNot: ["/testing/", "^packages/console/"] },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "cross-packages-by-name",
      comment: "Another package is entered by its front door, @millrace/name, never by a relative path.",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: { path: "^packages/", pathNot: "^packages/$1/", dependencyTypes: ["local"] },
    },
    {
      name: "not-to-test-code",
      comment:
        "Sources do not import test code: a testing/ folder is for tests, for other testing/ folders, for benchmarks, for pictures, for the checks of promises, for the gate and for the page that shows examples which tests prove.",
      severity: "error",
      from: {
        path: "^(packages|scripts)/",
        pathNot:
          "/testing/|^packages/[^/]+/test/|^scripts/((bench|scale|screenshots|promises/(checks|forms|hostile|power-cut))/|docs/expressions-|test\\.)",
      },
      to: { path: ["\\.test\\.ts$", "/testing/", "^packages/[^/]+/test/"] },
    },
    {
      name: "contract-imports-only-the-schema-library",
      comment: "contract is what crosses a wire: it imports the schema library and nothing else, no package and no part of Node.",
      severity: "error",
      from: { path: "^packages/contract/src/", pathNot: "/testing/" },
      to: { couldNotResolve: false, pathNot: ["^packages/contract/src/", "node_modules/typebox/"] },
    },
    {
      name: "engine-is-pure",
      comment: "engine knows contract, a parser, a hash and the schema library: no Node, no DOM, no node types, no server.",
      severity: "error",
      from: { path: "^packages/engine/src/", pathNot: "/testing/" },
      to: { couldNotResolve: false, pathNot: ["^packages/(engine|contract)/src/", "node_modules/(typebox|acorn|@noble/hashes)/"] },
    },
    {
      name: "nodes-are-pure",
      comment: "nodes know contract, engine and the schema library; whatever touches the world is a capability of the kit.",
      severity: "error",
      from: { path: "^packages/nodes/src/", pathNot: "/testing/" },
      to: { couldNotResolve: false, pathNot: ["^packages/(nodes|engine|contract)/src/", "node_modules/typebox/"] },
    },
    {
      name: "node-folders-are-islands",
      comment: "A node folder imports the kit and itself, never another node's folder: what two share moves to the kit.",
      severity: "error",
      from: { path: "^packages/nodes/src/([^/]+)/", pathNot: "^packages/nodes/src/(kit|testing)/" },
      to: { path: "^packages/nodes/src/[^/]+/", pathNot: ["^packages/nodes/src/$1/", "^packages/nodes/src/kit/"] },
    },
    {
      name: "kit-knows-no-node",
      comment: "The kit is below the node folders and the registries: it imports neither.",
      severity: "error",
      from: { path: "^packages/nodes/src/kit/" },
      to: { path: "^packages/nodes/src/", pathNot: "^packages/nodes/src/kit/" },
    },
    {
      name: "sdk-has-no-run-time-dependency",
      comment: "The SDK takes types from contract and installs nothing: whoever uses it gets one small package.",
      severity: "error",
      from: { path: "^packages/sdk/src/", pathNot: "/testing/" },
      to: { pathNot: "^packages/sdk/src/", dependencyTypesNot: ["type-only", "core"] },
    },
    {
      name: "sdk-knows-only-contract",
      comment: "The SDK speaks the wire: of this repository it knows contract only.",
      severity: "error",
      from: { path: "^packages/sdk/src/", pathNot: "/testing/" },
      to: { path: "^packages/", pathNot: "^packages/(sdk|contract)/src/" },
    },
    {
      name: "console-may-import",
      comment: "The console uses the contract, the engine's pure parts and the nodes' specs: never an executor, never the server.",
      severity: "error",
      from: { path: "^packages/console/", pathNot: "/testing/" },
      to: {
        path: "^packages/",
        pathNot: [
          "^packages/(console|engine|contract)/",
          "^packages/nodes/src/(specs\\.ts|texts\\..*\\.gen\\.json|words/.*\\.json|.*/spec\\.ts|.*/locales/|kit/)",
        ],
      },
    },
    {
      name: "console-pages-are-islands",
      comment:
        "A page of the console imports no other page's parts: what two share moves to ui/ or api/. The graph and the making of keys are shared.",
      severity: "error",
      from: { path: "^packages/console/src/pages/([^/]+)/" },
      to: {
        path: "^packages/console/src/pages/[^/]+/",
        pathNot: ["^packages/console/src/pages/$1/", "/(graph-view\\.tsx|node-state\\.ts|new-key\\.tsx)$"],
      },
    },
    {
      name: "console-controls-know-no-page",
      comment: "Controls, texts and calls of the console are below its pages and its shell.",
      severity: "error",
      from: { path: "^packages/console/src/(ui|text|api)/" },
      to: { path: "^packages/console/src/(pages|app)/", pathNot: "^packages/console/src/app/choices\\.ts$" },
    },
    {
      name: "nobody-imports-the-console",
      comment: "The console is a built artefact that the server serves; nothing imports its source.",
      severity: "error",
      from: { pathNot: "^packages/console/" },
      to: { path: "^packages/console/" },
    },
    {
      name: "nobody-imports-the-server",
      comment: "The server is the top of the house: no other package imports it.",
      severity: "error",
      from: { pathNot: ["^packages/server/", "^scripts/"] },
      to: { path: "^packages/server/" },
    },
    ...serverRoomRules,
    {
      name: "server-room-is-in-the-table",
      comment: "Every folder of server/src has a row in SERVER_ROOMS of .dependency-cruiser.cjs that says what it may import: add one.",
      severity: "error",
      from: { path: `${SERVER}[^/]+/`, pathNot: [...Object.keys(SERVER_ROOMS).map(roomPath), APP, `${SERVER}testing/`] },
      to: {},
    },
    {
      name: "server-shared-files-know-no-room",
      comment: "A file beside app.ts is shared by all rooms, so it imports none of them; app.ts and app/ are the composition root.",
      severity: "error",
      from: { path: `${SERVER}[^/]+\\.ts$`, pathNot: APP },
      to: { path: [`${SERVER}[^/]+/`, APP] },
    },
    {
      name: "app-knows-no-command",
      comment: "cli imports app.ts and not the other way round.",
      severity: "error",
      from: { path: APP },
      to: { path: `${SERVER}cli/` },
    },
    {
      name: "only-app-picks-a-store-or-runtime",
      comment:
        "store/<name>/ and runtime/<name>/ are implementations: only app.ts chooses one; everyone else imports the seam, store/store.ts or runtime/runtime.ts.",
      severity: "error",
      from: { path: SERVER, pathNot: [APP, `${SERVER}(store|runtime)/[^/]+/`, "/testing/"] },
      to: { path: `${SERVER}(store|runtime)/[^/]+/` },
    },
    loadedLate("model-sdks-are-loaded-late", "models/providers/sdks/", {
      comment:
        "What speaks a provider's wire is imported with the first call to it, by open-provider.ts: a start without models pays for none of it.",
    }),
    loadedLate("drivers-are-loaded-late", "(tools/mcp|databases/(postgres|mysql))/", {
      comment:
        "Drivers of databases and the SDK of MCP are imported with the first connection of their kind: a start without any pays for none.",
    }),
    loadedLate("restate-is-loaded-late", "runtime/restate/", {
      comment:
        "What speaks to a Restate server is imported where the settings name one: nobody else pays for it. Its types may be imported.",
      dependencyTypesNot: ["type-only"],
    }),
    {
      name: "model-sdks-have-their-folder",
      comment: "Only models/providers/sdks/ imports the packages of providers; their types may be imported beside it.",
      severity: "error",
      from: { path: SERVER, pathNot: [`${SERVER}models/providers/sdks/`] },
      to: { path: "node_modules/@ai-sdk/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "implementations-do-not-know-each-other",
      comment:
        "One store or runtime implementation never imports another: what two share moves up to the seam's folder, into the codec, store/journal/, into what both databases are told, store/sql/, or into how attempts are made, runtime/attempts/.",
      severity: "error",
      from: { path: `${SERVER}(store|runtime)/([^/]+)/`, pathNot: "/testing/" },
      to: { path: `${SERVER}(store|runtime)/[^/]+/`, pathNot: [`${SERVER}$1/$2/`, `${SERVER}(store/(journal|sql)|runtime/attempts)/`] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    parser: "tsc",
    combinedDependencies: false,
    preserveSymlinks: false,
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["\\.test\\.ts$", "(^|/)dist/"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "node", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
