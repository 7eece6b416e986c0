import { BaseEdge, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import { isComposing } from "#app/shortcuts.ts";
import { useCanvas } from "#pages/editor/canvas/overlay.ts";
import type { CanvasEdge } from "#pages/editor/projection.ts";
import { useText } from "#pages/editor/text.ts";

/** An edge, with a plus in its middle that puts a node into it. */
export const WayEdge = memo(function WayEdge(props: EdgeProps<CanvasEdge>) {
  const t = useText();
  const { actions } = useCanvas();
  const [path, x, y] = getBezierPath(props);
  const { data, markerEnd, id } = props;
  return (
    <g className="group/way">
      <BaseEdge id={id} path={path} interactionWidth={24} {...(markerEnd !== undefined && { markerEnd })} />
      {actions && data && (
        // biome-ignore lint/a11y/useSemanticElements: an SVG has no buttons
        <g
          role="button"
          tabIndex={-1}
          aria-label={t("add.into", { from: data.from, to: data.to })}
          transform={`translate(${x} ${y})`}
          className="mr-insert cursor-pointer"
          onClick={(event) => {
            event.stopPropagation();
            actions.addInto(data);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !isComposing(event.nativeEvent)) actions.addInto(data);
          }}
        >
          <circle r={9} className="fill-surface stroke-line-strong" />
          <path d="M-4 0H4M0-4V4" className="stroke-text" strokeWidth={1.5} />
        </g>
      )}
    </g>
  );
});
