import { shortCredits } from "@millrace/engine";
import type { NamedSum } from "#usage/usage-reports";

/** One line a row, and one with the names of the columns (RFC 4180). */
export function usageCsv(by: string, rows: readonly NamedSum[]): string {
  const head = [by, "name", "requests", "input_tokens", "output_tokens", "cached_tokens", "reasoning_tokens", "credits"];
  const lines = rows.map((row) => [
    cell(row.value),
    cell(row.name ?? ""),
    row.requests,
    row.inputTokens,
    row.outputTokens,
    row.cachedTokens,
    row.reasoningTokens,
    shortCredits(row.credits),
  ]);
  return [head, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

/** What a spreadsheet would take for a formula is marked as text: whoever may name a user must not reach into the sheet of an accountant. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
