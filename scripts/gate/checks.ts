/** The static checks: names of scripts in package.json, the slowest first so that two at a time end together. */
export const CHECKS: readonly string[] = [
  "doc-blocks",
  "dead-code",
  "rooms",
  "pure",
  "types:full",
  "types:pure",
  "generated",
  "lint",
  "format:check",
  "docs",
  "lock",
];
