import { type Color, colored } from "#cli/color";
import { type Row, tabbedText, tableText } from "#cli/table";

export const OUTPUT_FORMS = ["table", "json", "yaml", "name", "text"] as const;
export type OutputForm = (typeof OUTPUT_FORMS)[number];

export interface OutputOptions {
  readonly form: OutputForm;
  /** Who asked for this form. */
  readonly source: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** Colours on stderr. */
  readonly color?: boolean;
}

/** How a result looks to people, and what it is called. */
export interface View {
  readonly rows: readonly Row[];
  /** Ids, one a line with `-o name`. */
  readonly names: readonly string[];
  /** In place of the table. */
  readonly table?: string;
  /** In place of the tab-separated rows of `-o text`. */
  readonly text?: string;
}

/** Data goes to stdout, everything else to stderr. */
export class Output {
  readonly form: OutputForm;
  readonly source: string;
  readonly #options: OutputOptions;

  constructor(options: OutputOptions) {
    this.form = options.form;
    this.source = options.source;
    this.#options = options;
  }

  /** The result of a command: in full for programs, as a table for people, or only what it is called. */
  async data(value: unknown, view: View): Promise<void> {
    if (this.form === "json") this.raw(`${JSON.stringify(value, null, 2)}\n`);
    else if (this.form === "yaml") this.raw((await import("#yaml")).stringify(value));
    else if (this.form === "name") this.raw(view.names.map((name) => `${name}\n`).join(""));
    else if (this.form === "text") this.raw(view.text ?? tabbedText(view.rows));
    else this.raw(view.table ?? tableText(view.rows));
  }

  /** Exactly these characters on stdout. */
  raw(text: string): void {
    process.stdout.write(text);
  }

  /** Progress and hints, for people: a program that asked for JSON reads nothing but JSON. */
  note(text: string): void {
    if (this.#options.quiet !== true && this.form !== "json") process.stderr.write(`${text}\n`);
  }

  /** What `--verbose` adds. */
  trace(text: string): void {
    if (this.#options.verbose === true) process.stderr.write(`${text}\n`);
  }

  /** An error is told however quiet the command is. */
  problem(text: string): void {
    process.stderr.write(text);
  }

  paint(text: string, color: Color): string {
    return this.#options.color === true ? colored(text, color) : text;
  }
}
