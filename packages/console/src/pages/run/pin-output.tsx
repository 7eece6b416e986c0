import type { Json } from "@millrace/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Pin } from "lucide-react";
import { type NodeTrace, type RunDetail, valueQuery } from "#api/runs.ts";
import { useText } from "#pages/run/text.ts";
import { addPin } from "#parts/pins.ts";
import { Button } from "#ui/button.tsx";
import { useToast } from "#ui/toast.tsx";

interface PinOutputProps {
  readonly run: RunDetail;
  readonly trace: NodeTrace;
}

/** What the node gave here stands in for it in runs of the draft. */
export function PinOutput({ run: { id, workflowId }, trace: { nodeId, output, outputPreview, port } }: PinOutputProps) {
  const t = useText();
  const toast = useToast();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const pin = async () => {
    try {
      const whole = outputPreview ? await queries.fetchQuery(valueQuery(id, outputPreview.value)) : output;
      addPin(workflowId, nodeId, { output: whole as Json, ...(port !== undefined && { port }) });
      const open = () => void navigate({ to: "/workflows/$workflow/edit", params: { workflow: workflowId } });
      toast({ title: t("pinned", { node: nodeId }), action: { label: t("pinned.open"), run: open } });
    } catch (error) {
      toast({ title: error instanceof Error ? error.message : String(error), bad: true });
    }
  };
  return (
    <Button icon={Pin} needs="edit" onClick={() => void pin()}>
      {t("pin")}
    </Button>
  );
}
