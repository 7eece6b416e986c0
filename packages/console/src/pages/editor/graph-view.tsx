import type { WorkflowDocument } from "@millrace/contract";
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useMemo, useState } from "react";
import { Canvas } from "#pages/editor/canvas/canvas.tsx";
import { CanvasContext, Overlay } from "#pages/editor/canvas/overlay.ts";
import type { DiffMarks, NodeStates } from "#pages/editor/node-state.ts";
import { Projector } from "#pages/editor/projection.ts";

export type { DiffMark, DiffMarks, NodeState, NodeStates } from "#pages/editor/node-state.ts";

interface GraphViewProps {
  readonly document: WorkflowDocument;
  /** Read out for the whole picture. */
  readonly label: string;
  /** What a run did, by node id. */
  readonly states?: NodeStates;
  readonly marks?: DiffMarks;
  readonly selected?: string | null;
  /** null: the pane was clicked. */
  readonly onSelect?: (nodeId: string | null) => void;
}

const NO_STATES: NodeStates = new Map();
const NO_MARKS: DiffMarks = new Map();

/** A workflow to look at: its graph with the states of a run, or the marks of a comparison, over it. */
export function GraphView({ document, label, states = NO_STATES, marks = NO_MARKS, selected = null, onSelect }: GraphViewProps) {
  const [overlay] = useState(() => new Overlay());
  const [projector] = useState(() => new Projector());
  const drawing = useMemo(() => projector.draw(document), [projector, document]);
  useEffect(() => overlay.show({ states, marks }), [overlay, states, marks]);
  const setting = useMemo(() => ({ overlay, actions: null }), [overlay]);
  const selection = useMemo(() => new Set(selected === null ? [] : [selected]), [selected]);
  return (
    <CanvasContext value={setting}>
      <ReactFlowProvider>
        <Canvas
          drawing={drawing}
          label={label}
          selection={selection}
          onSelect={(ids) => onSelect?.([...ids][0] ?? null)}
          {...(onSelect && { onNodeClick: (id: string) => onSelect(id), onPaneClick: () => onSelect(null) })}
        />
      </ReactFlowProvider>
    </CanvasContext>
  );
}
