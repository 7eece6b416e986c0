import type { Block } from "#parsing/blocks";

/** What the process that reads a file answers, as JSON. `reason`: the end of a sentence. */
export type ParseAnswer = { readonly blocks: readonly Block[] } | { readonly reason: string };
