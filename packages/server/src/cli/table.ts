/** One line of a table, by column. */
export type Row = { readonly [column: string]: string | number | boolean | null | undefined };

const cellText = (value: Row[string]): string => String(value ?? "");

/** Columns in line under their names; nothing where there are no rows. */
export function tableText(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return "";
  const heads = columns.map((column) => column.replace(/([A-Z])/g, " $1").toUpperCase());
  return aligned([heads, ...rows.map((row) => columns.map((column) => cellText(row[column])))]);
}

/** Cells without a head, columns in line. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...lines.map((line) => line.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...lines.map((line) => width(line[i] ?? ""))));
  const text = (line: readonly string[]) => line.map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - width(cell))).join("  ");
  return lines.map((line) => `${text(line).trimEnd()}\n`).join("");
}

/** For other programs: values only, one tab between. */
export function tabbedText(rows: readonly Row[]): string {
  return rows.map((row) => `${Object.values(row).map(cellText).join("\t")}\n`).join("");
}

function width(cell: string): number {
  return [...cell].length;
}

/** "2 min ago". */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1_000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3_600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}

/** "340 ms", "1.7 s". */
export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
