import { choices } from "#app/choices.ts";

/** What the address of the list says: every filter, so that a list can be shared and survives a reload. */
export interface RunsSearch {
  /** What is listed; runs where it is absent. */
  readonly show?: Shown | undefined;
  readonly status?: RunStatusName | undefined;
  readonly workflow?: string | undefined;
  readonly trigger?: TriggerName | undefined;
  readonly user?: string | undefined;
  readonly time?: TimeName | undefined;
  /** Between two moments, epoch ms, in the place of a time that goes back from now: accepted at or after the one, before the other. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Runs of a schedule or hook, or replays of a run. */
  readonly starter?: string | undefined;
  readonly version?: string | undefined;
  /** Id of the key that began it. */
  readonly key?: string | undefined;
  /** Type of the error. */
  readonly error?: string | undefined;
  /** More credits than this. */
  readonly cost?: number | undefined;
  /** Longer than this, seconds. */
  readonly latency?: number | undefined;
  readonly text?: string | undefined;
  /** `input.topic ~ "AI"` */
  readonly where?: string | undefined;
  /** Of requests. */
  readonly requestId?: string | undefined;
  /** The job over many runs whose progress is shown. */
  readonly job?: string | undefined;
}

export const SHOWN = ["runs", "errors", "requests"] as const;
export type Shown = (typeof SHOWN)[number];

export const STATUS_NAMES = ["PENDING", "RUNNING", "SUCCEED", "FAILED"] as const;
export type RunStatusName = (typeof STATUS_NAMES)[number];

export const TRIGGER_NAMES = ["api", "schedule", "webhook", "manual", "retry", "workflow", "draft"] as const;
export type TriggerName = (typeof TRIGGER_NAMES)[number];

const HOUR_MS = 3_600_000;

/** How far back a list goes, ms. */
export const TIMES = { "1h": HOUR_MS, "24h": 24 * HOUR_MS, "7d": 7 * 24 * HOUR_MS, "30d": 30 * 24 * HOUR_MS } as const;
export type TimeName = keyof typeof TIMES;

/** Ids and names may look like numbers to whoever reads an address. */
function text(value: unknown): string | undefined {
  return (typeof value === "string" && value !== "") || typeof value === "number" ? String(value) : undefined;
}

/** A number of 0 or more, however an address writes it. */
export function amount(value: unknown): number | undefined {
  const given = text(value)?.normalize("NFKC").trim();
  const read = given === undefined || given === "" ? Number.NaN : Number(given);
  return Number.isFinite(read) && read >= 0 ? read : undefined;
}

export function runsSearch(given: Readonly<Record<string, unknown>>): RunsSearch {
  return {
    show: SHOWN.find((one) => one === given["show"] && one !== "runs"),
    status: STATUS_NAMES.find((one) => one === given["status"]),
    workflow: text(given["workflow"]),
    trigger: TRIGGER_NAMES.find((one) => one === given["trigger"]),
    user: text(given["user"]),
    time: (Object.keys(TIMES) as TimeName[]).find((one) => one === given["time"]),
    since: amount(given["since"]),
    until: amount(given["until"]),
    starter: text(given["starter"]),
    version: text(given["version"]),
    key: text(given["key"]),
    error: text(given["error"]),
    cost: amount(given["cost"]),
    latency: amount(given["latency"]),
    text: text(given["text"]),
    where: text(given["where"]),
    requestId: text(given["requestId"]),
    job: text(given["job"]),
  };
}

/** A minute, so that the beginning of "the last hour" does not move with every look at the clock. */
const STEP_MS = 60_000;

/** The same as the management API takes it. */
export function filterOf(search: RunsSearch, now: number) {
  const { version, key, error, cost, latency, text, where } = search;
  const msAbove = latency === undefined ? undefined : Math.round(latency * 1_000);
  return { ...indexedFilterOf(search, now), version, key, error, creditsAbove: cost, msAbove, text, where };
}

/** What the causes of failures can be narrowed by, and, where it has no end in the past, a job over many runs. */
export function indexedFilterOf({ status, workflow, trigger, user, time, since, until, starter }: RunsSearch, now: number) {
  const ago = time === undefined ? undefined : Math.floor((now - TIMES[time]) / STEP_MS) * STEP_MS;
  return { status, workflow, trigger, user, starter, since: since ?? ago, until };
}

/** Is it narrowed by what only a search can tell, which looks at one run after the other, or by what no job over many runs knows? */
export function isSearched({ until, version, key, error, cost, latency, text, where }: RunsSearch): boolean {
  return [until, version, key, error, cost, latency, text, where].some((value) => value !== undefined);
}

export function isFiltered({ job: _, show: __, requestId: ___, ...filters }: RunsSearch): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

/** The same list without the runs that have the value: one condition more, where it has not got it already. */
export function without(
  search: RunsSearch,
  name: "status" | "workflow" | "version" | "user" | "key" | "trigger" | "error",
  value: string,
): RunsSearch {
  const condition = `run.${name} != ${JSON.stringify(value)}`;
  const { where } = search;
  if (where === undefined) return { ...search, where: condition };
  return where.split(" and ").includes(condition) ? search : { ...search, where: `${where} and ${condition}` };
}

export interface SavedView {
  readonly name: string;
  readonly search: RunsSearch;
}

const VIEWS = "millrace.runs.views";

/** Views that were saved in this browser. */
export function savedViews(): SavedView[] {
  try {
    const known: unknown = JSON.parse(choices.get(VIEWS) ?? "[]");
    if (!Array.isArray(known)) return [];
    return known.filter((view) => typeof view?.name === "string").map(({ name, search }) => ({ name, search: runsSearch(search ?? {}) }));
  } catch {
    return [];
  }
}

export function keepViews(views: readonly SavedView[]): void {
  choices.set(VIEWS, views.length === 0 ? null : JSON.stringify(views));
}
