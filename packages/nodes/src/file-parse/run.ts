import type { Json, JsonObject } from "@millrace/contract";
import { TerminalError } from "@millrace/engine";
import { MAX_BYTES, MAX_FILES, spec } from "#file-parse/spec";
import { defineEffect, type EffectContext } from "#kit/executor";
import type { ParsedFile, ParsedTable } from "#kit/file-parser";
import { readFile } from "#kit/read-file";

interface Config {
  readonly file: Json;
  readonly form?: "markdown" | "text";
  readonly mode?: "default" | "highlevel";
}

export const executor = defineEffect<Config>(spec, async ({ file, form = "markdown", mode = "default" }, context) => {
  const values = (Array.isArray(file) ? file : [file]).filter((value) => value !== null);
  if (values.length > MAX_FILES)
    throw new TerminalError("limit_exceeded", `file has ${values.length} files; ${MAX_FILES} are read at most.`);
  const parsed: ParsedFile[] = [];
  // One after the other: their contents are not all in memory at once.
  for (const [index, value] of values.entries())
    parsed.push(await parse(value, Array.isArray(file) ? `file[${index}]` : "file", form, context));
  return {
    verb: "continue",
    output: {
      text: parsed.map(({ text }) => text).join("\n\n"),
      texts: parsed.map(({ text }) => text),
      pages: parsed.flatMap(({ pages }) => pages),
      tables: parsed.flatMap(({ tables }) => tables.map(tableOf)),
    },
    ...(mode === "highlevel" && { logs: ["info this server has no parser that reads pictures: the text layers were read"] }),
  };
});

async function parse(value: Json, at: string, form: "markdown" | "text", context: EffectContext): Promise<ParsedFile> {
  const { capabilities, signal, timeoutMs } = context;
  const limits = { signal, maxBytes: MAX_BYTES, ...(timeoutMs !== null && { timeoutMs }) };
  const { content, file } = await readFile(value, at, { egress: capabilities.egress, limits });
  return capabilities.files.parse({ ...file, content, form, signal, timeoutMs });
}

function tableOf({ name, rows }: ParsedTable): JsonObject {
  return { ...(name !== null && { name }), rows: rows.map((row) => [...row]) };
}
