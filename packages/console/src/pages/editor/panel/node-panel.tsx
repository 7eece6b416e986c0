import type { WorkflowNode } from "@millrace/contract";
import { Copy, Pin, Play, Trash2, X } from "lucide-react";
import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { isComposing } from "#app/shortcuts.ts";
import { duplicateSelection } from "#pages/editor/actions.ts";
import { useEditor, useStore } from "#pages/editor/context.ts";
import { type EditorUi, focusNode } from "#pages/editor/editor-ui.ts";
import { FormContext } from "#pages/editor/fields/form-context.tsx";
import { renameId, setMember } from "#pages/editor/model/commands.ts";
import { nodeOf } from "#pages/editor/model/document.ts";
import { groupOf } from "#pages/editor/model/kinds.ts";
import { GROUP_TONES, iconOf } from "#pages/editor/node-icons.ts";
import { useNodeTexts } from "#pages/editor/node-texts.ts";
import { NodeProblems } from "#pages/editor/panel/node-problems.tsx";
import { ReuseSection } from "#pages/editor/panel/reuse-section.tsx";
import { InputTab, LastRunTab, OutputTab } from "#pages/editor/panel/run-tabs.tsx";
import { SettingsSection } from "#pages/editor/panel/settings-section.tsx";
import { SetupTab } from "#pages/editor/panel/setup-tab.tsx";
import type { DraftRuns } from "#pages/editor/run/draft-runs.ts";
import { useDraftRun } from "#pages/editor/run/use-draft-run.ts";
import { useText } from "#pages/editor/text.ts";
import { IconButton } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { TextInput } from "#ui/field.tsx";
import { useToast } from "#ui/toast.tsx";

const TABS = ["setup", "input", "output", "last"] as const;
type Tab = (typeof TABS)[number];

export function NodePanel({ id, ui, runs }: { id: string; ui: EditorUi; runs: DraftRuns }) {
  const t = useText();
  const base = useId();
  const node = useEditor(({ edit }) => nodeOf(edit.document, id));
  const { samples, run } = useDraftRun(runs);
  const lastPaid = useMemo(() => run?.nodes.findLast(({ nodeId }) => nodeId === id)?.usage?.at(-1), [run, id]);
  const [tab, setTab] = useState<Tab>("setup");
  const setting = useMemo(() => ({ nodeId: id, type: node?.type ?? "", samples, lastPaid }), [id, node?.type, samples, lastPaid]);
  if (!node) return null;
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.defaultPrevented && !isComposing(event.nativeEvent)) focusNode(id);
  };
  return (
    <section aria-label={t("panel.label", { name: node.name ?? id })} className="flex min-h-0 grow flex-col" onKeyDown={keyDown}>
      <PanelHead node={node} ui={ui} runs={runs} />
      <TabList base={base} tab={tab} onChoose={setTab} />
      <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${tab}`} className="min-h-0 grow overflow-y-auto px-4 py-3">
        <FormContext value={setting}>
          {tab === "setup" && (
            <div className="flex flex-col gap-4">
              <NodeProblems id={id} runs={runs} />
              <SetupTab node={node} />
              {node.type !== "comment" && <SettingsSection node={node} />}
              <ReuseSection node={node} />
            </div>
          )}
          {tab === "input" && <InputTab node={node} runs={runs} />}
          {tab === "output" && <OutputTab node={node} runs={runs} />}
          {tab === "last" && <LastRunTab node={node} runs={runs} />}
        </FormContext>
      </div>
    </section>
  );
}

function PanelHead({ node, ui, runs }: { node: WorkflowNode; ui: EditorUi; runs: DraftRuns }) {
  const t = useText();
  const texts = useNodeTexts();
  const store = useStore();
  const { pins } = useDraftRun(runs);
  const Icon = iconOf(node.type);
  const rename = (name: string) =>
    store.run({ label: "rename", key: `${node.id} name` }, (document) =>
      setMember(document, node.id, ["name"], name === "" ? undefined : name),
    );
  const isPinned = pins.has(node.id);
  return (
    <header className="flex flex-col gap-2 border-b border-line px-4 pt-3 pb-2">
      <div className="flex items-center gap-2">
        <span className={classes("flex size-8 shrink-0 items-center justify-center rounded-md", GROUP_TONES[groupOf(node.type)])}>
          <Icon size={17} aria-hidden="true" />
        </span>
        <TextInput
          id="node-name"
          aria-label={t("panel.name")}
          placeholder={node.id}
          maxLength={200}
          value={node.name ?? ""}
          onChange={(event) => rename(event.target.value)}
          className="w-full border-transparent font-medium"
        />
        <IconButton icon={X} label={t("panel.close")} onClick={() => store.select([])} />
      </div>
      <div className="flex items-center gap-1">
        <span className="me-auto flex min-w-0 items-center gap-2 text-sm text-quiet">
          <span className="truncate">{texts.title(node.type)}</span>
          <IdInput node={node} />
        </span>
        {node.type !== "comment" && (
          <>
            <IconButton size="small" icon={Play} label={t("run.node")} onClick={() => runs.runNode(node.id, "only")} />
            <IconButton
              size="small"
              icon={Pin}
              label={isPinned ? t("pin.remove") : t("pin.add")}
              aria-pressed={isPinned}
              className={isPinned ? "text-wait" : undefined}
              onClick={() => runs.togglePin(node.id)}
            />
          </>
        )}
        <IconButton size="small" icon={Copy} label={t("duplicate")} onClick={() => duplicateSelection(store)} />
        <IconButton size="small" icon={Trash2} label={t("delete")} onClick={() => ui.openDialog("delete")} />
      </div>
    </header>
  );
}

/** What expressions call the node. A new id takes effect when the field is left, and every reference follows. */
function IdInput({ node: { id } }: { node: WorkflowNode }) {
  const t = useText();
  const store = useStore();
  const toast = useToast();
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    const to = draft?.normalize("NFKC").trim() ?? id;
    setDraft(null);
    if (to === id || to === "") return;
    const renamed = renameId(store.document, id, to);
    if (renamed) store.run({ label: "rename" }, () => renamed, [to]);
    else toast({ title: t("panel.id.refused", { id: to }), bad: true });
  };
  const keyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Enter") commit();
    if (event.key === "Escape") setDraft(null);
  };
  return (
    <input
      type="text"
      aria-label={t("panel.id")}
      title={t("panel.id.help")}
      value={draft ?? id}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={keyDown}
      spellCheck={false}
      className="w-28 min-w-0 rounded border border-transparent bg-raised px-1.5 font-mono text-xs leading-6 text-text hover:border-line"
    />
  );
}

function TabList({ base, tab, onChoose }: { base: string; tab: Tab; onChoose: (tab: Tab) => void }) {
  const t = useText();
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    onChoose(next);
    document.getElementById(`${base}-${next}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={t("panel.tabs")} className="flex border-b border-line px-2">
      {TABS.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          id={`${base}-${each}`}
          aria-selected={tab === each}
          aria-controls={`${base}-panel`}
          tabIndex={tab === each ? 0 : -1}
          onClick={() => onChoose(each)}
          onKeyDown={move}
          className="border-b-2 border-transparent px-2.5 py-2 text-sm whitespace-nowrap text-quiet aria-selected:border-accent aria-selected:font-medium aria-selected:text-text"
        >
          {t(`tab.${each}`)}
        </button>
      ))}
    </div>
  );
}
