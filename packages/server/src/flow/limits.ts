/** Bytes of one file: the vendor's own upload limit. */
export const MAX_FILE_BYTES = 52_428_800;

/** Levels of nested JSON. 64 bodies take some 200; more would cost stack in every later step that walks a document. */
export const MAX_JSON_DEPTH = 512;

/** Values of one file, in all, an empty container as two. The largest files of real workflows have a tenth; to parse more takes a second. */
export const MAX_JSON_VALUES = 2_000_000;

/** Bodies within bodies: as deep as the engine opens frames. */
export const MAX_BODY_DEPTH = 64;

/** Nodes of one file, bodies included: as many as the engine plans. */
export const MAX_NODES = 2_000;

/**
 * Names that templates look up, and values of other nodes that they stand for, in one file. One short name can stand for every node
 * above it, so without a bound a file of some megabytes would become a document of gigabytes.
 */
export const MAX_TEMPLATE_REFERENCES = 200_000;

/** Characters of a name that is looked up (a longer one names nothing), and dots at which it may end and a path begin. Look-ups try every prefix. */
export const MAX_NAME_CHARS = 512;
export const MAX_NAME_STEPS = 8;

/** Characters of code that are parsed on import, in all (some 0.3 s a million); the syntax of the rest is found out when it runs. */
export const MAX_PARSED_CODE_CHARS = 2_000_000;

/** Pairs of assignments that are compared for races in one file; beyond, only a warning is missing. */
export const MAX_RACE_PAIRS = 10_000;

/** Limits of the native document that a vendor name or description may exceed. The whole text stays in `flow`. */
export const MAX_NATIVE_ID_CHARS = 64;
export const MAX_NATIVE_NAME_CHARS = 200;
export const MAX_NATIVE_NOTE_CHARS = 10_000;

/** HTTP `timeout` of the vendor's format, ms: what holds when it is absent, and the most that it may be. */
export const DEFAULT_HTTP_TIMEOUT_MS = 30_000;
export const MAX_HTTP_TIMEOUT_MS = 600_000;

/** Passages that a DATASET may ask for, as many as the native node answers. */
export const MAX_PASSAGES = 100;

/** Groups of one VARIABLE_AGGREGATE node, and variables of one group. */
export const MAX_GROUPS = 20;
export const MAX_GROUP_VARIABLES = 10;

/** Calls of its model that a native agent makes at most, where it says nothing. */
export const DEFAULT_AGENT_STEPS = 10;

/** Rounds in which a model may use the plugins of its LLM node. */
export const MAX_TOOL_ROUNDS = 10;
