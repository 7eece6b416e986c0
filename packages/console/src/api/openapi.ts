import { queryOptions } from "@tanstack/react-query";
import { call } from "#api/client.ts";

/** A JSON Schema as the document has it. */
export type Schema = { readonly [keyword: string]: unknown };

export interface Body {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema; readonly examples?: Readonly<Record<string, Schema>> }>>;
}

export interface Answer extends Body {
  readonly description?: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: "header" | "path" | "query";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly "x-scope"?: string;
  readonly "x-permission"?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Schema>>;
}

/** What this server says of itself (OpenAPI 3.1). */
export interface ApiDocument {
  readonly info: { readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly title?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

/** The whole API, or what a key may ask for, with the workflows that it reaches. */
export function apiQuery(key: string) {
  return queryOptions({
    queryKey: ["openapi", key],
    queryFn: ({ signal }) =>
      call<ApiDocument>("/openapi.json", { signal, ...(key !== "" && { headers: { Authorization: `Bearer ${key}` } }) }),
    retry: false,
  });
}
