import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import { canPass } from "#api/client.ts";
import type { EventKind, Told } from "#api/events.ts";

/** What is asked for anew, and how often at most, ms. */
interface Stale {
  readonly key: QueryKey;
  readonly everyMs: number;
}

/** What a person looks at closely, lists, and figures that take the server longer. */
const NOW_MS = 200;
const SOON_MS = 1_000;
const FIGURES_MS = 5_000;

/** What of the pages an event makes stale. */
export function staleBy(kind: EventKind, { id, runId }: Told): readonly Stale[] {
  const home: Stale = { key: ["home"], everyMs: SOON_MS / 2 };
  const of = (run: string | undefined): Stale[] => (run === undefined ? [] : [{ key: ["run", run], everyMs: NOW_MS }]);
  const soon = (...names: readonly string[]): Stale[] => names.map((name) => ({ key: [name], everyMs: SOON_MS }));
  const figures = (...names: readonly string[]): Stale[] => names.map((name) => ({ key: [name], everyMs: FIGURES_MS }));
  switch (kind) {
    case "run":
      return [...of(id), home, ...soon("runs", "replays", "latest-runs"), ...figures("run-stats", "run-errors")];
    case "workflow":
      return [...(id === undefined ? [] : [{ key: ["draft", id], everyMs: NOW_MS }]), home, ...soon("workflows", "versions")];
    case "approval":
      return [...of(runId), home, ...soon("approvals", "approval")];
    case "delivery":
      return [home, ...soon("deliveries", "delivery", "disabled-endpoints"), ...figures("webhook-endpoints")];
    case "job":
      return id === undefined ? [] : [{ key: ["bulk-job", id], everyMs: NOW_MS }];
    case "key":
      return [home, ...soon("keys")];
    case "alert":
      return soon("alerts", "alert-events");
    case "knowledge":
      return id === undefined ? [] : soon("knowledge", "knowledge-base", `documents of ${id}`);
    case "request":
      return [home, ...soon("requests")];
    case "schedule":
    case "reload":
      return [];
    default:
      return kind satisfies never;
  }
}

/** Asks anew for what became stale while somebody looks at it, the first time at once and then not more often than it says. */
export class Freshener {
  readonly #queries: QueryClient;
  readonly #lastAt = new Map<string, number>();
  readonly #due = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  note({ key, everyMs }: Stale): void {
    const name = JSON.stringify(key);
    if (this.#due.has(name) || !this.#queries.getQueryCache().find({ queryKey: key, exact: false, type: "active" })) return;
    const wait = Math.max(0, (this.#lastAt.get(name) ?? 0) + everyMs - performance.now());
    this.#due.set(
      name,
      setTimeout(() => this.#ask({ key, everyMs }, name), wait),
    );
  }

  /** What goes on and may have gone on before there was a stream. */
  goingOn(): void {
    for (const name of ["run", "bulk-job", "runs", "home", "knowledge-base"]) this.note({ key: [name], everyMs: SOON_MS });
  }

  /** Everything that somebody looks at. */
  all(): void {
    void this.#queries.invalidateQueries({ predicate: isNearItsHead });
  }

  close(): void {
    for (const timer of this.#due.values()) clearTimeout(timer);
    this.#due.clear();
  }

  #ask(stale: Stale, name: string): void {
    this.#due.delete(name);
    this.#lastAt.set(name, performance.now());
    // An answer that is under way may be older than what was told: it is asked for once more, and not cut off for ever by what comes after it.
    if (this.#queries.isFetching({ queryKey: stale.key }) > 0) this.note(stale);
    else void this.#queries.invalidateQueries({ queryKey: stale.key, predicate: (query) => isNearItsHead(query) && !isRefused(query) });
  }
}

/** Asked for again it would be refused again, and the page would blink. */
function isRefused({ state: { error } }: Query): boolean {
  return error !== null && !canPass(error);
}

/** Of a list one page is kept up to date; whoever has gone further down is reading. */
function isNearItsHead({ state: { data } }: Query): boolean {
  const pages = (data as { readonly pages?: readonly unknown[] } | undefined)?.pages;
  return pages === undefined || pages.length <= 1;
}
