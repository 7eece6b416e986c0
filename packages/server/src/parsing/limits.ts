const MIB = 1024 * 1024;

/** Wall time of reading one file, its process' start included. */
export const PARSE_TIMEOUT_MS = 30_000;

/** JavaScript heap of the process that reads a file. */
export const PARSE_HEAP_BYTES = 384 * MIB;

/** All memory of that process: what is inflated lies outside of the heap. Watched where the system tells (Linux). */
export const PARSE_MEMORY_BYTES = 768 * MIB;

/** How often its memory is looked at: what it can take meanwhile is far less than any machine has. */
export const MEMORY_WATCH_MS = 50;

/** Files that are read at once; the others wait for their turn. */
export const PARSES_AT_ONCE = 2;

/** Files that may wait for their turn. */
export const PARSES_WAITING = 100;

/** Characters of what a file says. */
export const MAX_TEXT_CHARACTERS = 4_000_000;

/** Paragraphs, headings, list items and table rows of a file. */
export const MAX_BLOCKS = 200_000;

/** Cells of a file's tables that hold something. */
export const MAX_CELLS = 200_000;

/** Columns of one row: a cell says where it stands, and may say anything. */
export const MAX_COLUMNS = 1_000;

/** Pages of a PDF. */
export const MAX_PAGES = 2_000;

/** Entries of a zip archive. */
export const MAX_ZIP_ENTRIES = 4_096;

/** Of a zip archive's entries that are read, inflated, all together. */
export const MAX_INFLATED_BYTES = 96 * MIB;

/** Elements inside of one another. */
export const MAX_DEPTH = 512;

/** Of what the process answers. */
export const MAX_ANSWER_BYTES = 32 * MIB;
