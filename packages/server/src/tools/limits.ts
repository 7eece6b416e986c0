const MIB = 1024 * 1024;

/** Of a document that is imported, in characters. YAML takes much longer to read. */
export const MAX_JSON_CHARACTERS = 4 * MIB;
export const MAX_YAML_CHARACTERS = MIB;
/** Levels of arrays and objects. */
export const MAX_DOCUMENT_DEPTH = 100;
/** Aliases in a YAML file: each is a copy in the value that is made of it. */
export const MAX_YAML_ALIASES = 100;

/** Operations of one document, the others are left out; characters of what is kept of all of them. */
export const MAX_OPERATIONS = 500;
export const MAX_KEPT_CHARACTERS = 2 * MIB;

/** Sub-schemas of one operation and of one document, references written out: what is beyond may be anything. */
export const MAX_SCHEMAS = 1_000;
export const MAX_DOCUMENT_SCHEMAS = 50_000;
export const MAX_SCHEMA_DEPTH = 32;

/** References that lead to references. */
export const MAX_REFERENCES = 32;

export const MAX_DESCRIPTION_CHARACTERS = 2_000;

/** One call of a tool. */
export const DEFAULT_TIMEOUT_MS = 30_000;
export const MAX_TIMEOUT_MS = 600_000;
/** Of what a tool answers. */
export const MAX_ANSWER_BYTES = 5 * MIB;
