import type { SearchAnswer } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { parseJson, textOf } from "#cli/invoke-input";

/** Characters of a passage that a table shows. */
const SHOWN_CHARACTERS = 400;

export const run: Action = async (context, given) => {
  const filter = given.text("filter");
  const body = {
    query: given.argument(1),
    topK: given.integer("top", 1, 100),
    minScore: scoreIn(given.text("min-score")),
    ...(filter !== undefined && { filter: objectIn(await textOf(context, "--filter", filter)) }),
  };
  const { json } = await call(context, "POST", `/api/v1/knowledge/${segment(given.argument(0))}/search`, { body });
  const { items } = json as SearchAnswer;
  const places = items.map(({ source: { documentName, page, headings } }) => [documentName, page, ...headings].filter(Boolean).join(" › "));
  const rows = items.map(({ score, text }, at) => ({ score, place: places[at] ?? "", text: oneLine(text) }));
  const table = items.map(({ score, text }, at) => `${score.toFixed(3)}  ${places[at] ?? ""}\n  ${oneLine(text)}\n`).join("\n");
  await context.output.data(json, { rows, names: items.map(({ source }) => source.chunkId), table });
  if (items.length === 0) context.output.note("nothing was found");
};

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS - 1)}…`;
}

function scoreIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const score = text.trim() === "" ? Number.NaN : Number(text);
  if (score >= 0 && score <= 1) return score;
  throw usageError(`--min-score: "${text}" is not a number from 0 to 1`);
}

function objectIn(text: string): object {
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw usageError("--filter: a JSON object is needed", `--filter '{"lang":"en"}'`);
}
