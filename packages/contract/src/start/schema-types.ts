import type { Sink } from "#fault-sink";
import type { FileKind } from "#file-kinds";
import type { Json, JsonObject } from "#json";
import type { Step } from "#pointer";
import { type Said } from "#say";

/** A linear-time regular-expression engine. Throws where it cannot compile the source; `test` searches anywhere in the text. */
export type PatternEngine = (source: string) => { test(text: string): boolean };

/** A fault of the Start schema itself, found when the workflow is published. */
export interface SchemaProblem {
  /** JSON pointer from the root of the schema. */
  readonly path: string;
  readonly code:
    | "unsupported_keyword"
    | "unsupported_format"
    | "invalid_keyword"
    | "invalid_pattern"
    | "invalid_default"
    | "invalid_ref"
    | "schema_too_large";
  /** In English. */
  readonly message: string;
  readonly said: Said;
}

/** A file that a checked input holds, and where. */
export interface FileInput {
  /** Steps from the values to the file. */
  readonly path: readonly Step[];
  readonly kind: FileKind;
  /** Lower case, without a dot; one of the formats of the kind. */
  readonly format: string;
  /** Shown to nodes. */
  readonly name: string;
  /** base64: as it was sent, without a `data:` prefix; white space and the URL alphabet are possible. */
  readonly source: { readonly url: string } | { readonly base64: string; readonly bytes: number };
}

/** The sink of a check of `input`; files are kept where they stand for sure, not inside alternatives. */
export interface SchemaSink extends Sink {
  keepFile(file: Omit<FileInput, "path">): void;
}

/** A compiled schema: reports every fault of the value. */
export type SchemaCheck = (value: Json, sink: SchemaSink) => void;

/** What a keyword's compiler works with: the keyword's place in the schema, and the way down. */
export interface SchemaScope {
  /** null: patterns are not supported. */
  readonly patterns: PatternEngine | null;
  readonly maxFileBytes: number;
  /** The place of another keyword of the same schema object. */
  sibling(keyword: string): SchemaScope;
  /** Compiles the sub-schema at these steps below the keyword. */
  compile(schema: Json, ...steps: readonly Step[]): SchemaCheck;
  /** As `compile`, for a schema that decides between alternatives: it may hold no file. */
  compileLogic(schema: Json, ...steps: readonly Step[]): SchemaCheck;
  /** `message` goes on after the keyword: "must be a string". */
  problem(code: SchemaProblem["code"], message: Said): void;
}

/** Compiles one keyword; null when it asserts nothing. `schema` is the object that the keyword stands in. */
export type KeywordCompiler = (operand: Json, schema: JsonObject, scope: SchemaScope) => SchemaCheck | null;
export type KeywordTable = Readonly<Record<string, KeywordCompiler>>;
