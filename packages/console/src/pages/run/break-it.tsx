import type { JsonObject, NodeTrace } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { History, Skull, Zap } from "lucide-react";
import { type DraftRunRequest, runDraft } from "#api/draft-runs.ts";
import { isOver, type RunDetail } from "#api/runs.ts";
import { useAction } from "#app/use-action.ts";
import { brokenNode, lostNodes } from "#pages/run/interrupted.ts";
import { useText } from "#pages/run/text.ts";
import { Button } from "#ui/button.tsx";

/** Nodes that can be broken: that ask somebody outside, and, where there is none, any that does something. */
async function breakable(nodes: readonly NodeTrace[]): Promise<{ readonly fails: string | null; readonly dies: string | null }> {
  const { nodeSpecs } = await import("@millrace/nodes/specs");
  const ran = nodes.filter(({ status }) => status === "SUCCEED");
  const dies = ran.find(({ nodeType }) => nodeSpecs.get(nodeType)?.effect === "outside")?.nodeId ?? null;
  const fails = dies ?? ran.find(({ nodeType }) => nodeSpecs.get(nodeType)?.role === "step")?.nodeId ?? null;
  return { fails, dies };
}

/**
 * Shows what becomes of a run when something breaks: the draft runs once more with the same input, and one of its nodes is made to fail; on
 * that run, its process is made to die.
 */
export function BreakIt({ run }: { run: RunDetail }) {
  const t = useText();
  const navigate = useNavigate();
  const offered = run.trigger === "draft" && isOver(run);
  const { data: nodes } = useQuery({
    queryKey: ["breakable", run.id],
    queryFn: () => breakable(run.nodes),
    enabled: offered,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const again = useAction({
    run: (how: DraftRunRequest) => runDraft(run.workflowId, { input: (run.input ?? {}) as JsonObject, ...how }),
    changes: [["runs"]],
    onDone: ({ workflowRunId }) => void navigate({ to: "/runs/$run", params: { run: workflowRunId } }),
  });
  if (!offered || !nodes) return null;
  const { fails, dies } = nodes;
  if (dies !== null && brokenNode(run.nodes) !== null) {
    return (
      <Button icon={Skull} needs="edit" title={t("kill.hint")} disabled={again.isPending} onClick={() => again.mutate({ crashOnce: dies })}>
        {t("kill")}
      </Button>
    );
  }
  if (fails === null) return null;
  return (
    <Button icon={Zap} needs="edit" title={t("break.hint")} disabled={again.isPending} onClick={() => again.mutate({ failOnce: fails })}>
      {t("break")}
    </Button>
  );
}

/** What broke and how the run went on: durability is shown where it was needed. */
export function Interrupted({ run: { nodes } }: { run: RunDetail }) {
  const t = useText();
  const lost = lostNodes(nodes);
  const broken = brokenNode(nodes);
  if (lost.length === 0 && broken === null) return null;
  return (
    <p role="status" className="flex items-start gap-2.5 rounded-lg bg-busy-soft px-4 py-2.5">
      <History size={18} aria-hidden="true" className="mt-px shrink-0 text-busy" />
      <span className="[overflow-wrap:anywhere]">
        {lost.length > 0 ? t("resumed", { nodes: lost.join(", ") }) : t("broken", { node: broken ?? "" })}
      </span>
    </p>
  );
}
