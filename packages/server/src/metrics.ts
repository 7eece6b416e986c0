/** What the server counts, in the text format of Prometheus. Counting is an addition; everything else happens when somebody reads it. */
export class Metrics {
  readonly #families: Family[] = [];

  counter(name: string, help: string): Counter {
    return this.#add(new Counter(name, help));
  }

  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    return this.#add(new Histogram(name, help, bounds));
  }

  /** A value that is looked up when it is read. */
  value(name: string, help: string, read: () => number, kind: "gauge" | "counter" = "gauge"): void {
    this.#add({ text: () => `${head(name, help, kind)}${name} ${read()}\n` });
  }

  text(): string {
    return this.#families.map((family) => family.text()).join("");
  }

  #add<F extends Family>(family: F): F {
    this.#families.push(family);
    return family;
  }
}

interface Family {
  text(): string;
}

/** Names and values of a series. Values are the program's own words: no id, and nothing that a user wrote. */
type Labels = { readonly [name: string]: string };

export class Counter implements Family {
  readonly #name: string;
  readonly #help: string;
  readonly #counts = new Map<string, number>();

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  add(labels: Labels = {}, by = 1): void {
    const key = labelText(labels);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by);
  }

  text(): string {
    const lines = [...this.#counts].map(([labels, count]) => `${this.#name}${braced(labels)} ${count}\n`);
    return head(this.#name, this.#help, "counter") + lines.join("");
  }
}

export interface Series {
  observe(value: number): void;
}

export class Histogram implements Family {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Buckets>();

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
  }

  /** To be kept by whoever observes often. */
  series(labels: Labels): Series {
    const key = labelText(labels);
    const known = this.#series.get(key);
    if (known) return known;
    const made = new Buckets(this.#bounds);
    this.#series.set(key, made);
    return made;
  }

  text(): string {
    return head(this.#name, this.#help, "histogram") + [...this.#series].map(([labels, one]) => one.text(this.#name, labels)).join("");
  }
}

class Buckets implements Series {
  readonly #bounds: readonly number[];
  /** The last one is of what exceeds every bound. */
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let at = 0;
    while (at < this.#bounds.length && value > (this.#bounds[at] ?? 0)) at += 1;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += value;
  }

  text(name: string, labels: string): string {
    let below = 0;
    const prefix = labels === "" ? "" : `${labels},`;
    const lines = this.#counts.map((count, at) => {
      below += count;
      return `${name}_bucket{${prefix}le="${this.#bounds[at] ?? "+Inf"}"} ${below}\n`;
    });
    return `${lines.join("")}${name}_sum${braced(labels)} ${this.#sum}\n${name}_count${braced(labels)} ${below}\n`;
  }
}

function head(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`)
    .join(",");
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}
