import type { Json } from "@millrace/contract";

/**
 * What import asks of the server. Without a predicate nothing is known about what it would judge, so nothing is reported or removed.
 */
export interface ImportOptions {
  /** May this server send requests to the internal host? (MILLRACE_EGRESS_ALLOW) Default: no. */
  readonly egressAllow?: (host: string) => boolean;
  /** Environment values that the workflow has on this server; they become the document's `env`. */
  readonly env?: { readonly [name: string]: Json };
  readonly modelKnown?: (modelId: string) => boolean;
  readonly toolKnown?: (toolId: string, toolApiId: string) => boolean;
  /** Are there tools of that name? An LLM node offers them; others are removed from it. */
  readonly pluginKnown?: (pluginId: string) => boolean;
  readonly dataGroupKnown?: (dataGroupId: string) => boolean;
  readonly databaseKnown?: (databaseId: string) => boolean;
  readonly databaseTableKnown?: (tableId: string) => boolean;
  /** Can code of this language run here? Default: JavaScript only. */
  readonly languageKnown?: (language: string) => boolean;
}
