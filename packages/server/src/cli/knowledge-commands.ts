import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec } from "#cli/flag";
import { LIMIT } from "#cli/shared-specs";

const BASE: ArgumentSpec = { name: "base", summary: "name or id of the knowledge base" };

/** Knowledge bases and their documents. */
export const KNOWLEDGE_COMMANDS = [
  { name: "knowledge list", summary: "list knowledge bases with what they hold, newest first", flags: [LIMIT], exits: ["auth"] },
  {
    name: "knowledge create",
    summary: "make a knowledge base",
    arguments: [{ name: "name", summary: "what workflows call it" }],
    flags: [
      { name: "description", kind: "text", value: "text", summary: "what it is about" },
      { name: "language", kind: "text", value: "tag", summary: "a hint for taking words apart: zh, ja, en; default: any" },
      { name: "embedding-model", kind: "text", value: "connection/model", summary: "makes vectors; default: words alone" },
      { name: "passage", kind: "integer", value: "characters", fallback: "1000", summary: "length of a passage at most" },
      { name: "overlap", kind: "integer", value: "characters", fallback: "150", summary: "how much of its predecessor a passage repeats" },
    ],
    exits: ["auth", "conflict"],
  },
  {
    name: "knowledge add",
    summary: "add documents, or replace those of the same name, and wait until they are indexed",
    arguments: [BASE, { name: "files", summary: "pdf, docx, xlsx, pptx, html, md, csv, txt", optional: true, many: true }],
    flags: [
      { name: "url", kind: "text", value: "url", many: true, summary: "fetched by the server" },
      { name: "meta", kind: "text", value: "key=value", many: true, summary: "metadata of all of them: JSON, else a text" },
      { name: "no-wait", kind: "switch", summary: "only hand them over" },
    ],
    exits: ["no", "auth", "notFound", "conflict", "timeout", "interrupted"],
  },
  {
    name: "knowledge status",
    summary: "list the documents of a knowledge base with their progress, newest first",
    arguments: [BASE],
    flags: [LIMIT],
    exits: ["auth", "notFound"],
  },
  {
    name: "knowledge search",
    summary: "search a knowledge base",
    arguments: [BASE, { name: "query", summary: "a question or words" }],
    flags: [
      { name: "top", kind: "integer", value: "passages", fallback: "10", summary: "at most so many" },
      { name: "min-score", kind: "text", value: "score", summary: "0 to 1; passages with less are left out" },
      { name: "filter", kind: "text", value: "json", summary: 'by metadata: {"lang":"en","year":{"gte":2024}}, @file, or @- for stdin' },
    ],
    exits: ["auth", "notFound"],
  },
  {
    name: "knowledge remove",
    summary: "remove a document and all that was made of it",
    arguments: [BASE, { name: "document", summary: "its name or id" }],
    exits: ["auth", "notFound"],
  },
  {
    name: "knowledge delete",
    summary: "delete a knowledge base with all its documents, after a question",
    arguments: [BASE],
    exits: ["auth", "notFound", "interrupted"],
  },
] as const satisfies readonly CommandSpec[];
