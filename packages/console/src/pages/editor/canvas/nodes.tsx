import type { NodeProps } from "@xyflow/react";
import { Plus } from "lucide-react";
import { memo } from "react";
import { Entrance, Exits, frameClass, NodeHead } from "#pages/editor/canvas/node-parts.tsx";
import { useCanvas, useNodeOverlay } from "#pages/editor/canvas/overlay.ts";
import type { CanvasNode } from "#pages/editor/projection.ts";
import { useText } from "#pages/editor/text.ts";
import { classes } from "#ui/classes.ts";

export const StepNode = memo(function StepNode({ id, data: { node, ports, flow }, selected }: NodeProps<CanvasNode>) {
  const overlay = useNodeOverlay(id);
  return (
    <div className={classes("h-full w-full", frameClass(overlay, selected))}>
      <NodeHead node={node} overlay={overlay} />
      {node.type !== "start" && <Entrance flow={flow} />}
      <Exits nodeId={id} ports={ports} flow={flow} />
    </div>
  );
});

/** A loop or batch: its nodes stand inside, and are edited where they stand. */
export const ContainerNode = memo(function ContainerNode({ id, data, selected, width }: NodeProps<CanvasNode>) {
  const t = useText();
  const overlay = useNodeOverlay(id);
  const { actions } = useCanvas();
  const { node, ports, held, flow } = data;
  return (
    <div className={classes("flex h-full w-full flex-col", frameClass(overlay, selected))}>
      <div className="border-b border-line">
        <NodeHead node={node} overlay={overlay} />
      </div>
      <div className="flex grow items-center justify-center rounded-b-lg bg-ground">
        {held === 0 && actions && (
          <button
            type="button"
            tabIndex={-1}
            className="nodrag nopan flex items-center gap-1 rounded-md border border-dashed border-line-strong px-3 py-1.5 text-sm text-quiet hover:border-accent hover:text-accent"
            onClick={(event) => {
              event.stopPropagation();
              actions.addInside(id);
            }}
          >
            <Plus size={14} aria-hidden="true" />
            {t("add.inside")}
          </button>
        )}
      </div>
      <Entrance flow={flow} />
      <Exits nodeId={id} ports={ports} flow={flow} width={width} />
    </div>
  );
});

export const NoteNode = memo(function NoteNode({ id, data: { node }, selected }: NodeProps<CanvasNode>) {
  const t = useText();
  const overlay = useNodeOverlay(id);
  const text = typeof node["text"] === "string" ? node["text"] : "";
  return (
    <div className={classes("h-full w-full overflow-hidden p-3", frameClass(overlay, selected), "border-dashed bg-wait-soft")}>
      <p className="line-clamp-4 text-sm whitespace-pre-wrap">{text === "" ? t("note.empty") : text}</p>
    </div>
  );
});
