/** What alerts say: `{…}` is filled in. */
const texts = {
  all: "all workflows",
  workflow: "workflow {id}",
  test: "This is a test of the alert {name}. Nothing has happened.",
  named: "“{name}”",
  unnamed: "on {kind} of {of}",
  recovered: "Recovered: {sentence}",
  nothing: "There is too little to say about {kind} of {of} now.",
  sentence: "{said} ({bound}).",
  bound: { above: "alert above {bound}", from: "alert from {bound}", window: "alert after {bound}" },
  kinds: {
    consecutive_failures: "consecutive failures",
    failure_rate: "the failure rate",
    error_count: "the number of errors",
    latency_threshold: "the latency",
    latency_spike: "a spike in the latency",
    cost_threshold: "the cost",
    no_activity: "missing activity",
    webhook_failing: "failing webhooks",
    budget: "a budget",
  },
  said: {
    consecutive_failures: "The last {figure} of {of} failed in a row",
    failure_rate: "{figure} of the runs of {of} failed within {window}",
    error_count: "{figure} of {of} failed within {window}",
    latency_threshold: "The 95th percentile of {of} took {figure} within {window}",
    latency_spike: "The 95th percentile of {of} took {figure} as long within {window} as in the day before",
    cost_threshold: "{of} cost {figure} within {window}",
    no_activity: "The last run of {of} was {figure} ago",
    webhook_failing: "Failing webhooks of {of}: {figure}",
    budget: "{figure} of the budget are used up",
  },
  units: { run: "{count} run", runs: "{count} runs", percent: "{count} %", times: "{count} times", credits: "{count} credits" },
  spans: { d: "{count} d", h: "{count} h", min: "{count} min", s: "{count} s", ms: "{count} ms" },
};

export default texts;

export type AlertTexts = typeof texts;
