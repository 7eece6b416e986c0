/** Characters of one expression. Longer ones are programs, and belong into a code node. */
export const MAX_SOURCE_LENGTH = 65_536;

/** Expressions in one config string. Each is parsed for itself; a text with more of them is data, and belongs into a value. */
export const MAX_EXPRESSIONS = 1000;

/** Levels of parentheses, brackets, members and calls within each other: far above what people write, far below what the stack takes. */
export const MAX_NESTING = 100;

/** Operators and keywords that are open at one place; the parser recurses for each of them. */
export const MAX_OPEN_OPERATORS = 500;

/** Steps of one evaluation: a node of the expression is one step each time it is evaluated. A million take some 50 ms. */
export const DEFAULT_FUEL = 1_000_000;

/** Bytes that one evaluation may produce: texts and containers in all, and the JSON text of the result. 10 MiB, as the default request body. */
export const DEFAULT_MAX_OUTPUT_BYTES = 10 * 1024 * 1024;

/** Containers within containers that a result may have: what is nested deeper cannot be read again everywhere. */
export const MAX_RESULT_DEPTH = 128;

/** Native loops are faster than steps: so many characters, or elements, are one step. */
export const CHARACTERS_PER_STEP = 64;
export const ELEMENTS_PER_STEP = 8;

/** What counts as output: a UTF-16 unit of text is one byte, an element and a member as below (about what they take in memory). */
export const BYTES_PER_ELEMENT = 4;
export const BYTES_PER_MEMBER = 8;
