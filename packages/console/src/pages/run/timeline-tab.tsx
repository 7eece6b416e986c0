import type { WorkflowDocument } from "@millrace/contract";
import { useCallback, useMemo, useRef } from "react";
import { isOver, type RunDetail } from "#api/runs.ts";
import { useCalledRuns } from "#pages/run/called-runs.ts";
import { Graph } from "#pages/run/graph.tsx";
import { NodePanel } from "#pages/run/node-panel.tsx";
import { type ItemLabel, type Span, spansOf } from "#pages/run/spans.ts";
import { useText } from "#pages/run/text.ts";
import { Timeline } from "#pages/run/timeline.tsx";
import { useNow } from "#pages/run/use-now.ts";
import { useSharedLink } from "#parts/shared-link.ts";
import { statusOf } from "#ui/status.tsx";
import { useNarrow } from "#ui/use-narrow.ts";

/** Of a step of a called run the graph shows the node that called it. */
function inGraph(spans: readonly Span[], chosen: Span) {
  const [key = ""] = chosen.key.split(">");
  const nodeId = spans.find((span) => span.key === key)?.trace?.nodeId;
  return nodeId === undefined ? null : { nodeId, key };
}

interface TimelineTabProps {
  readonly run: RunDetail;
  /** Key of the row that somebody chose. */
  readonly span: string | undefined;
  readonly onSpan: (key: string | undefined) => void;
  /** The version that ran, where it came with the run. */
  readonly document?: WorkflowDocument;
}

/** The rows and the graph on the left, what the chosen node did on the right; where there is no room it stands between the two. */
export function TimelineTab({ run, span, onSpan, document }: TimelineTabProps) {
  const t = useText();
  const now = useNow(!isOver(run));
  const called = useCalledRuns();
  const shared = useSharedLink() !== null;
  const narrow = useNarrow();
  const panel = useRef<HTMLDivElement>(null);
  const itemLabel: ItemLabel = useCallback(
    (number, item) => (item === null ? t("item", { number }) : t("item.named", { number, item })),
    [t],
  );
  const spans = useMemo(
    () => spansOf(run, statusOf(run), { now: run.endedAt ?? now, itemLabel, called: called.runs }),
    [run, now, itemLabel, called.runs],
  );
  const failed = spans.findLast(({ trace }) => trace?.status === "FAILED");
  const chosen = spans.find(({ key }) => key === span) ?? failed ?? null;
  const choose = (key: string) => onSpan(key === "" ? undefined : key);
  const chooseInGraph = (key: string) => {
    choose(key);
    if (narrow) panel.current?.scrollIntoView({ block: "start" });
  };
  /** Of a node that ran several times the execution that went wrong, or else the first. */
  const chooseNode = (nodeId: string) => {
    const rows = spans.filter(({ trace, run: owner }) => owner === run && trace?.nodeId === nodeId);
    const row = rows.find(({ status }) => status === "FAILED") ?? rows[0];
    if (row) chooseInGraph(row.key);
  };
  if (run.nodes.length === 0) return <p className="text-quiet">{t("nodes.none")}</p>;
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.5fr)_minmax(20rem,1fr)] lg:grid-rows-[auto_1fr]">
      <Timeline
        run={run}
        spans={spans}
        now={run.endedAt ?? now}
        chosen={chosen?.key ?? null}
        onChoose={choose}
        opened={called.opened}
        onToggle={shared ? null : called.toggle}
      />
      <div ref={panel} className="min-w-0 scroll-mt-16 lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:self-stretch">
        <NodePanel run={chosen?.run ?? run} trace={chosen?.trace ?? null} owns={chosen?.run === run} />
      </div>
      <div className="min-w-0">
        <Graph
          run={run}
          document={document}
          chosen={chosen && inGraph(spans, chosen)}
          onChoose={chooseNode}
          onChooseKey={chooseInGraph}
          itemLabel={itemLabel}
        />
      </div>
    </div>
  );
}
