import type { JsonObject } from "@millrace/contract";
import { useSearch } from "@tanstack/react-router";
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useMemo, useState } from "react";
import { Overlay } from "#pages/editor/canvas/overlay.ts";
import { EditorContext, useEditor, useStore } from "#pages/editor/context.ts";
import { ConflictBanner } from "#pages/editor/dialogs/conflict-dialog.tsx";
import { DeleteDialog } from "#pages/editor/dialogs/delete-dialog.tsx";
import { HistoryDialog } from "#pages/editor/dialogs/history-dialog.tsx";
import { PublishDialog } from "#pages/editor/dialogs/publish-dialog.tsx";
import { AddDialog, ConnectDialog, FindDialog } from "#pages/editor/dialogs/search-dialogs.tsx";
import { SettingsDialog } from "#pages/editor/dialogs/settings-dialog.tsx";
import { Drawer } from "#pages/editor/drawer.tsx";
import { EditorCanvas, edgesNamed } from "#pages/editor/editor-canvas.tsx";
import { type EditorUi, useEditorUi } from "#pages/editor/editor-ui.ts";
import { FileConflictBanner } from "#pages/editor/file-conflict.tsx";
import { Header } from "#pages/editor/header.tsx";
import { useKeyboard } from "#pages/editor/keyboard.ts";
import { LockedBanner } from "#pages/editor/locked.tsx";
import type { Editor } from "#pages/editor/open-editor.ts";
import { Palette } from "#pages/editor/palette.tsx";
import { NodePanel } from "#pages/editor/panel/node-panel.tsx";
import { ResizablePanel } from "#pages/editor/panel/resizable.tsx";
import { useProblemWords } from "#pages/editor/problem-words.ts";
import { RestoredBanner } from "#pages/editor/restored.tsx";
import { DraftRuns } from "#pages/editor/run/draft-runs.ts";
import { useDraftRun } from "#pages/editor/run/use-draft-run.ts";
import { Outline, ProblemList } from "#pages/editor/side.tsx";
import { useDraft } from "#pages/editor/use-draft.ts";
import { usePhone } from "#pages/editor/use-phone.ts";

export function EditorView({ editor }: { editor: Editor }) {
  const { run } = useSearch({ strict: false });
  const [runs] = useState(() => new DraftRuns(editor.draft.id, editor.saver));
  useEffect(() => {
    const controller = new AbortController();
    if (run !== undefined) void runs.follow(run);
    // Samples are a help: without them the picker shows types alone.
    else runs.loadLatest(controller.signal).catch(() => {});
    return () => {
      controller.abort();
      runs.close();
    };
  }, [runs, run]);
  return (
    <EditorContext value={editor.store}>
      <ReactFlowProvider>
        <Frame editor={editor} runs={runs} />
      </ReactFlowProvider>
    </EditorContext>
  );
}

function Frame({ editor, runs }: { editor: Editor; runs: DraftRuns }) {
  const ui = useEditorUi(editor.store);
  const draft = useDraft(editor);
  useProblemWords(editor.store);
  const phone = usePhone();
  const [input, setInput] = useState<JsonObject>({});
  const run = () => {
    const { running } = runs.get();
    if (running) void runs.stop();
    else if (ui.drawer) void runs.run(input);
    else ui.setDrawer(true);
  };
  return (
    <div className="flex h-[calc(100dvh-3rem)] flex-col max-sm:h-[calc(100dvh-3rem-4rem)]">
      <Header ui={ui} runs={runs} onRun={run} />
      <ConflictBanner ui={ui} saver={editor.saver} />
      <FileConflictBanner draft={draft} />
      <RestoredBanner kept={editor.restored} />
      <LockedBanner />
      {phone ? <PhoneBody ui={ui} runs={runs} /> : <Body ui={ui} runs={runs} onRun={run} />}
      {ui.drawer && <Drawer ui={ui} runs={runs} input={input} onInput={setInput} />}
      <PublishDialog ui={ui} saver={editor.saver} />
      <HistoryDialog ui={ui} />
      <SettingsDialog ui={ui} />
      <DeleteDialog ui={ui} />
    </div>
  );
}

interface BodyProps {
  readonly ui: EditorUi;
  readonly runs: DraftRuns;
}

/** On a phone the graph is read as a list. */
function PhoneBody({ ui, runs }: BodyProps) {
  return (
    <div className="flex min-h-0 grow flex-col overflow-y-auto bg-surface">
      {ui.side === "problems" ? (
        <ProblemList onClose={() => ui.setSide("palette")} onSettings={() => ui.openDialog("settings")} />
      ) : (
        <Outline runs={runs} />
      )}
    </div>
  );
}

function Body({ ui, runs, onRun }: BodyProps & { onRun: () => void }) {
  const [overlay] = useState(() => new Overlay());
  const { states, pins } = useDraftRun(runs);
  const selected = useEditor(({ selection }) => (selection.size === 1 ? ([...selection][0] ?? null) : null));
  const pinned = useMemo(() => new Set(pins.keys()), [pins]);
  useEffect(() => overlay.show({ states, pinned }), [overlay, states, pinned]);
  return (
    <div className="relative flex min-h-0 grow">
      <Side ui={ui} runs={runs} />
      <div className="relative min-w-0 grow">
        <EditorCanvas ui={ui} overlay={overlay} />
      </div>
      {selected !== null && (
        <ResizablePanel>
          <NodePanel key={selected} id={selected} ui={ui} runs={runs} />
        </ResizablePanel>
      )}
      <Keys ui={ui} runs={runs} onRun={onRun} />
      <AddDialog ui={ui} />
      <ConnectDialog ui={ui} />
      <FindDialog ui={ui} />
    </div>
  );
}

function Side({ ui, runs }: BodyProps) {
  if (ui.side === "palette") return <Palette onAdd={ui.addFromPalette} />;
  return (
    <aside className="flex w-72 shrink-0 flex-col border-e border-line bg-surface max-md:absolute max-md:inset-y-0 max-md:z-10">
      {ui.side === "outline" ? (
        <Outline runs={runs} onClose={() => ui.setSide("palette")} />
      ) : (
        <ProblemList onClose={() => ui.setSide("palette")} onSettings={() => ui.openDialog("settings")} />
      )}
    </aside>
  );
}

function Keys({ ui, runs, onRun }: BodyProps & { onRun: () => void }) {
  const store = useStore();
  useKeyboard({ store, ui, runs, onRun, edgesOf: (names) => edgesNamed(store.document, names) });
  return null;
}
