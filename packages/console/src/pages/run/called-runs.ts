import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { runQuery } from "#api/runs.ts";
import { calledRun } from "#pages/run/called-run.ts";
import type { CalledRuns, Span } from "#pages/run/spans.ts";

/** Which called runs show their steps, and those runs as far as they are there. */
export function useCalledRuns() {
  const [opened, setOpened] = useState<ReadonlyMap<string, string>>(new Map());
  const keys = [...opened.keys()];
  const runs = useQueries({
    queries: [...opened.values()].map((id) => runQuery(id)),
    combine: (results): CalledRuns => new Map(results.flatMap(({ data }, index) => (data ? [[keys[index] ?? "", data] as const] : []))),
  });
  const toggle = ({ key, trace }: Span) => {
    const id = trace && calledRun(trace);
    if (id === null) return;
    const next = new Map(opened);
    if (!next.delete(key)) next.set(key, id);
    setOpened(next);
  };
  return { runs, opened, toggle };
}
