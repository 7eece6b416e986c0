import type { WorkflowDocument } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import type { RunDetail } from "#api/runs.ts";
import { versionQuery } from "#api/versions.ts";
import { graphStates } from "#pages/run/graph-states.ts";
import { useText } from "#pages/run/text.ts";
import { Skeleton } from "#ui/notice.tsx";

// The canvas comes when there is a run to draw.
const GraphView = lazy(async () => ({ default: (await import("#pages/editor/graph-view.tsx")).GraphView }));

interface GraphProps {
  readonly run: RunDetail;
  /** The version that ran; absent: it is asked for. */
  readonly document: WorkflowDocument | undefined;
  readonly chosen: string | null;
  readonly onChoose: (nodeId: string) => void;
}

/** The version that ran, as it was, with what the run did in it. */
export function Graph({ run, document: given, chosen, onChoose }: GraphProps) {
  const t = useText();
  const { data: version } = useQuery({ ...versionQuery(run.workflowId, run.version), enabled: given === undefined });
  const document = given ?? (version?.document as unknown as WorkflowDocument | undefined);
  const states = useMemo(() => graphStates(run.nodes), [run.nodes]);
  if (!document) return null;
  return (
    <section aria-label={t("graph")} className="flex flex-col gap-2">
      <h2 className="font-semibold">{t("graph.of", { version: run.version })}</h2>
      <div className="h-96 overflow-hidden rounded-lg border border-line bg-surface">
        <Suspense fallback={<Skeleton />}>
          <GraphView
            document={document}
            label={t("graph")}
            states={states}
            selected={chosen}
            onSelect={(nodeId) => nodeId !== null && onChoose(nodeId)}
          />
        </Suspense>
      </div>
    </section>
  );
}
