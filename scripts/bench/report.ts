import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

export type Row = { readonly [column: string]: string | number };

/** Prints a table and writes the same as JSON, with the machine, the versions and the commit. */
export function report(name: string, title: string, rows: readonly Row[]): void {
  process.stdout.write(`\n${name.toUpperCase()}  ${title}\n${table(rows)}\n`);
  mkdirSync("reports", { recursive: true });
  writeFileSync(`reports/bench-${name}.json`, `${JSON.stringify({ name, title, rows, ...surroundings() }, null, 2)}\n`);
}

function surroundings() {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const [cpu] = cpus();
  return {
    commit,
    node: process.version,
    sqlite: process.versions["sqlite"],
    cpu: cpu?.model,
    cores: cpus().length,
    memoryBytes: totalmem(),
    at: new Date().toISOString(),
  };
}

function table(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => String(row[column] ?? "").length)));
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ");
  return [line(columns), ...rows.map((row) => line(columns.map((column) => String(row[column] ?? ""))))]
    .map((text) => `  ${text}`)
    .join("\n");
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export const round = (value: number, places = 0): number => Number(value.toFixed(places));
export const mebibytes = (bytes: number): number => round(bytes / 1_048_576);
