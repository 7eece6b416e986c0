import type { JsonObject } from "@millrace/contract";

/** What is kept of an operation: all that a call needs. JSON. */
export interface Operation {
  /** `[A-Za-z0-9_-]{1,64}`, once in its collection. */
  readonly name: string;
  readonly description: string;
  readonly method: "GET" | "PUT" | "POST" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS";
  /** Below the base URL, with `{name}` where parameters stand. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly as: "json" | "form" | "text"; readonly contentType: string } | null;
  /** JSON Schema of an object. */
  readonly input: JsonObject;
}

export interface Parameter {
  /** In the input. */
  readonly name: string;
  readonly in: "path" | "query" | "header";
  /** In the request. */
  readonly as: string;
  /** Of an object or a list. */
  readonly style: "comma" | "space" | "pipe" | "repeat" | "deep" | "json";
}

/** The input's member that is the body. */
export const BODY = "body";
