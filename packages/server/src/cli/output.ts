export const OUTPUT_FORMS = ["table", "json", "yaml", "name", "text"] as const;
export type OutputForm = (typeof OUTPUT_FORMS)[number];

/** Data goes to stdout, everything else to stderr. */
export class Output {
  readonly form: OutputForm;
  readonly #quiet: boolean;
  readonly #stdout: NodeJS.WritableStream;
  readonly #stderr: NodeJS.WritableStream;

  constructor(form: OutputForm, quiet: boolean, stdout: NodeJS.WritableStream = process.stdout, stderr: NodeJS.WritableStream = process.stderr) {
    this.form = form;
    this.#quiet = quiet;
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** The result of a command: in full for programs, as a table for people, or only what it is called. */
  async data(value: unknown, view: { rows: readonly Row[]; names: readonly string[] }): Promise<void> {
    if (this.form === "json") this.raw(`${JSON.stringify(value, null, 2)}\n`);
    else if (this.form === "yaml") this.raw((await import("yaml")).stringify(value));
    else if (this.form === "name") this.raw(view.names.map((name) => `${name}\n`).join(""));
    else this.raw(tableText(view.rows));
  }

  /** Exactly these characters on stdout. */
  raw(text: string): void {
    this.#stdout.write(text);
  }

  /** Progress and hints: for people, never in the way of data. */
  note(text: string): void {
    if (!this.#quiet) this.#stderr.write(`${text}\n`);
  }

  /** An error is told however quiet the command is. */
  problem(text: string): void {
    this.#stderr.write(text);
  }
}

export type Row = { readonly [column: string]: string | number | boolean | null | undefined };

function tableText(rows: readonly Row[]): string {
  const [first] = rows;
  if (!first) return "";
  const columns = Object.keys(first);
  const cells = [columns.map((column) => column.toUpperCase()), ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => [...(line[i] ?? "")].length)));
  return cells.map((line) => `${line.map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - [...cell].length)).join("  ").trimEnd()}\n`).join("");
}

/** "2 min ago"; for tables only. */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1_000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3_600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}
