import { LIMITS } from "#limits";

/** What a rule watches. */
export const ALERT_KINDS = [
  "consecutive_failures",
  "failure_rate",
  "error_count",
  "latency_threshold",
  "latency_spike",
  "cost_threshold",
  "no_activity",
  "webhook_failing",
  "budget",
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export type AlertUnit = "runs" | "percent" | "ms" | "times" | "credits" | "deliveries";

/** What a rule of a kind is made of; forms, checks and sentences follow from it. */
export interface AlertKindFacts {
  readonly unit: AlertUnit;
  /** `above`: fires beyond the threshold; `from`: as soon as it is reached; `window`: beyond the window, and there is no threshold. */
  readonly compares: "above" | "from" | "window";
  /** Of the threshold. */
  readonly default: number;
  readonly least: number;
  readonly most: number;
  /** The time that is looked back on, in seconds; null: none. */
  readonly windowS: { readonly default: number; readonly most: number } | null;
  /** Fewer ended runs within the window say nothing. */
  readonly leastRuns: number;
}

const HOUR_S = 3_600;
const { alertWindow, alertLongWindow, alertLeastRuns } = LIMITS;
const hour = { default: HOUR_S, most: alertWindow.value / 1_000 };
const day = { default: 24 * HOUR_S, most: alertLongWindow.value / 1_000 };

/** Rates and percentiles of a handful of runs mean nothing: they need at least five. */
export const ALERT_KIND_FACTS: { readonly [K in AlertKind]: AlertKindFacts } = {
  consecutive_failures: { unit: "runs", compares: "from", default: 3, least: 1, most: 100, windowS: null, leastRuns: 0 },
  failure_rate: { unit: "percent", compares: "above", default: 5, least: 0, most: 99, windowS: hour, leastRuns: alertLeastRuns.value },
  error_count: { unit: "runs", compares: "from", default: 10, least: 1, most: 1_000_000, windowS: hour, leastRuns: 0 },
  latency_threshold: {
    unit: "ms",
    compares: "above",
    default: 10_000,
    least: 1,
    most: 86_400_000,
    windowS: hour,
    leastRuns: alertLeastRuns.value,
  },
  latency_spike: { unit: "times", compares: "above", default: 2, least: 1.1, most: 1_000, windowS: hour, leastRuns: alertLeastRuns.value },
  cost_threshold: { unit: "credits", compares: "above", default: 100, least: 0, most: 1_000_000_000, windowS: day, leastRuns: 0 },
  no_activity: { unit: "ms", compares: "window", default: 0, least: 0, most: 0, windowS: day, leastRuns: 0 },
  webhook_failing: { unit: "deliveries", compares: "from", default: 1, least: 1, most: 1_000_000, windowS: hour, leastRuns: 0 },
  budget: { unit: "percent", compares: "from", default: 80, least: 1, most: 1_000, windowS: null, leastRuns: 0 },
};
