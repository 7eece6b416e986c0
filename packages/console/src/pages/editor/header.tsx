import { Link } from "@tanstack/react-router";
import {
  Check,
  CircleAlert,
  CloudOff,
  History,
  ListTree,
  LoaderCircle,
  Play,
  Redo2,
  Rocket,
  Settings2,
  Square,
  TriangleAlert,
  Undo2,
} from "lucide-react";
import { useEditor, useStore } from "#pages/editor/context.ts";
import type { EditorUi } from "#pages/editor/editor-ui.ts";
import { setSetting } from "#pages/editor/model/commands.ts";
import type { DraftRuns } from "#pages/editor/run/draft-runs.ts";
import { useDraftRun } from "#pages/editor/run/use-draft-run.ts";
import type { SaveState } from "#pages/editor/store.ts";
import { useText } from "#pages/editor/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, buttonClass, IconButton } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { TextInput } from "#ui/field.tsx";

interface HeaderProps {
  readonly ui: EditorUi;
  readonly runs: DraftRuns;
  readonly onRun: () => void;
}

export function Header({ ui, runs, onRun }: HeaderProps) {
  const t = useText();
  const store = useStore();
  const { running } = useDraftRun(runs);
  const workflowId = useEditor((state) => state.workflowId);
  const errors = useEditor((state) => state.problems.errors);
  const position = useEditor(({ edit }) => edit.position);
  const steps = useEditor(({ edit }) => edit.entries.length);
  return (
    <header className="flex min-h-12 shrink-0 items-center gap-x-2 gap-y-1 border-b border-line bg-surface px-3 py-1.5 max-lg:flex-wrap">
      <NameInput />
      <SavePill />
      <div className="flex max-sm:hidden">
        <IconButton icon={Undo2} label={t("undo")} disabled={position === 0} onClick={() => store.undo()} />
        <IconButton icon={Redo2} label={t("redo")} disabled={position === steps} onClick={() => store.redo()} />
      </div>
      <div className="ms-auto flex items-center gap-1.5 max-lg:flex-wrap lg:shrink-0">
        <IconButton
          icon={ListTree}
          label={t("outline")}
          aria-pressed={ui.side === "outline"}
          className="max-sm:hidden"
          onClick={() => ui.setSide(ui.side === "outline" ? "palette" : "outline")}
        />
        <ProblemsButton ui={ui} />
        <IconButton icon={Settings2} label={t("workflow.settings")} onClick={() => ui.openDialog("settings")} />
        <IconButton icon={History} label={t("history")} onClick={() => ui.openDialog("history")} />
        <Link to="/workflows/$workflow/api" params={{ workflow: workflowId }} className={classes(buttonClass("quiet"), "max-md:hidden")}>
          API
        </Link>
        <Link to={`/workflows/${workflowId}/versions` as "/workflows"} className={classes(buttonClass("quiet"), "max-md:hidden")}>
          {t("versions")}
        </Link>
        <Button icon={running ? Square : Play} needs="edit" onClick={onRun}>
          {running ? t("run.stop") : t("run")}
        </Button>
        <Button
          kind="primary"
          icon={Rocket}
          needs="edit"
          onClick={() => ui.openDialog("publish")}
          aria-label={errors === 0 ? t("publish") : t("publish.blocked", { count: errors })}
        >
          {t("publish")}
          {/* On a phone Problems, in the same row, has the number, and the row has no room for it twice. */}
          {errors > 0 && <span className="rounded-full bg-on-accent px-1.5 text-xs text-accent max-sm:hidden">{errors}</span>}
        </Button>
      </div>
    </header>
  );
}

function NameInput() {
  const t = useText();
  const store = useStore();
  const name = useEditor(({ edit }) => edit.document.name);
  return (
    <TextInput
      aria-label={t("name")}
      value={name}
      maxLength={200}
      onChange={(event) =>
        store.run({ label: "name", key: "document name" }, (document) => setSetting(document, ["name"], event.target.value))
      }
      className="w-52 max-w-md min-w-24 border-transparent text-lg font-semibold text-ellipsis [field-sizing:content] max-sm:w-40 max-sm:grow sm:supports-[field-sizing:content]:w-auto"
    />
  );
}

const PILL = "inline-flex items-center gap-1.5 rounded-full px-2.5 py-1 text-xs font-medium whitespace-nowrap";

/** Where the last edits are. */
function SavePill() {
  const t = useText();
  const format = useFormat();
  const save = useEditor((state) => state.save);
  const pending = useEditor(({ edit }) => edit.position !== edit.saved);
  const shown: SaveState["kind"] = save.kind === "saved" && pending ? "saving" : save.kind;
  return (
    <span
      role="status"
      aria-live={shown === "offline" || shown === "conflict" || shown === "refused" ? "assertive" : "polite"}
      className="shrink-0"
    >
      {shown === "saved" && save.kind === "saved" && (
        <span className={classes(PILL, "text-quiet")}>
          <Check size={13} aria-hidden="true" />
          {t("save.saved", { time: format.clock(save.at) })}
        </span>
      )}
      {shown === "saving" && (
        <span className={classes(PILL, "text-quiet")}>
          <LoaderCircle size={13} aria-hidden="true" className="animate-spin" />
          {t("save.saving")}
        </span>
      )}
      {shown === "offline" && (
        <span className={classes(PILL, "bg-wait-soft text-wait")} title={t("save.offline.help")}>
          <CloudOff size={13} aria-hidden="true" />
          {t("save.offline")}
        </span>
      )}
      {shown === "conflict" && (
        <span className={classes(PILL, "bg-bad-soft text-bad")}>
          <TriangleAlert size={13} aria-hidden="true" />
          {t("save.conflict")}
        </span>
      )}
      {save.kind === "refused" && (
        <span className={classes(PILL, "bg-bad-soft text-bad")} title={save.error instanceof Error ? save.error.message : undefined}>
          <CircleAlert size={13} aria-hidden="true" />
          {t("save.refused")}
        </span>
      )}
    </span>
  );
}

function ProblemsButton({ ui }: { ui: EditorUi }) {
  const t = useText();
  const errors = useEditor((state) => state.problems.errors);
  const all = useEditor((state) => state.problems.list.length);
  const Icon = all === 0 ? Check : errors > 0 ? CircleAlert : TriangleAlert;
  return (
    <Button
      kind="quiet"
      icon={Icon}
      aria-pressed={ui.side === "problems"}
      className={errors > 0 ? "text-bad" : all > 0 ? "text-wait" : undefined}
      onClick={() => ui.setSide(ui.side === "problems" ? "palette" : "problems")}
    >
      <span className="max-xl:sr-only">{t("problems")}</span> {all}
    </Button>
  );
}
