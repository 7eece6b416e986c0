import type { WorkflowDocument } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { Expand, Shrink } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { RunDetail } from "#api/runs.ts";
import { versionQuery } from "#api/versions.ts";
import { expandedGraph, MAX_DRAWN } from "#pages/run/expanded.ts";
import { graphStates } from "#pages/run/graph-states.ts";
import type { ItemLabel } from "#pages/run/spans.ts";
import { useText } from "#pages/run/text.ts";
import { Button } from "#ui/button.tsx";
import { Skeleton } from "#ui/notice.tsx";

// The canvas comes when there is a run to draw.
const GraphView = lazy(async () => ({ default: (await import("#pages/editor/graph-view.tsx")).GraphView }));

interface GraphProps {
  readonly run: RunDetail;
  /** The version that ran; absent: it is asked for. */
  readonly document: WorkflowDocument | undefined;
  /** The node that is chosen, and the execution of it: the key of its row. */
  readonly chosen: { readonly nodeId: string; readonly key: string } | null;
  readonly onChoose: (nodeId: string) => void;
  readonly onChooseKey: (key: string) => void;
  readonly itemLabel: ItemLabel;
}

/** The version that ran, as it was, with what the run did in it: iterations together, or each for itself. */
export function Graph({ run, document: given, chosen, onChoose, onChooseKey, itemLabel }: GraphProps) {
  const t = useText();
  const { data: version } = useQuery({ ...versionQuery(run.workflowId, run.version), enabled: given === undefined });
  const document = given ?? (version?.document as unknown as WorkflowDocument | undefined);
  const [expanded, setExpanded] = useState(false);
  const drawn = useMemo(() => {
    if (!document) return null;
    return expanded ? expandedGraph(document, run.nodes, itemLabel) : { document, states: graphStates(run.nodes) };
  }, [document, expanded, run.nodes, itemLabel]);
  if (!drawn) return null;
  const ranOften = run.nodes.some(({ items = [] }) => items.length > 0);
  return (
    <section aria-label={t("graph")} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold">{t("graph.of", { version: run.version })}</h2>
        {ranOften && (
          <Button size="small" icon={expanded ? Shrink : Expand} aria-pressed={expanded} onClick={() => setExpanded(!expanded)}>
            {t("graph.expand")}
          </Button>
        )}
      </div>
      {expanded && run.nodes.some(({ items = [] }) => items.length > MAX_DRAWN) && (
        <p className="text-sm text-quiet">{t("graph.most", { count: MAX_DRAWN })}</p>
      )}
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        <Suspense fallback={<Skeleton />}>
          <GraphView
            key={String(expanded)}
            document={drawn.document}
            label={t("graph")}
            states={drawn.states}
            selected={(expanded ? chosen?.key : chosen?.nodeId) ?? null}
            onSelect={(id) => id !== null && (expanded ? onChooseKey : onChoose)(id)}
          />
        </Suspense>
      </div>
    </section>
  );
}
