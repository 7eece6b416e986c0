import { BookmarkPlus, X } from "lucide-react";
import { useState } from "react";
import { keepViews, type RunsSearch, type SavedView, savedViews } from "#pages/runs/search.ts";
import { useText } from "#pages/runs/text.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { Dialog } from "#ui/dialog.tsx";
import { Field, TextInput } from "#ui/field.tsx";

/** Executed for longer than this is slow, seconds. */
const SLOW_S = 10;

interface ViewsProps {
  readonly search: RunsSearch;
  readonly onChange: (search: RunsSearch) => void;
}

/** Filters under a name, as tabs: three that everybody has, and those that were saved in this browser. */
export function Views({ search, onChange }: ViewsProps) {
  const t = useText();
  const [saved, setSaved] = useState(savedViews);
  const [naming, setNaming] = useState(false);
  const given: readonly SavedView[] = [
    { name: t("view.all"), search: {} },
    { name: t("view.failed"), search: { status: "FAILED", time: "24h" } },
    { name: t("view.slow"), search: { latency: SLOW_S, time: "24h" } },
    { name: t("view.active"), search: { status: "RUNNING" } },
  ];
  const keep = (views: readonly SavedView[]) => {
    keepViews(views);
    setSaved([...views]);
  };
  return (
    <nav aria-label={t("views")} className="-mx-1 flex flex-wrap items-center gap-1 px-1">
      {given.map((view) => (
        <Tab key={view.name} view={view} search={search} onChange={onChange} />
      ))}
      {saved.map((view) => (
        <span key={view.name} className="flex shrink-0 items-center">
          <Tab view={view} search={search} onChange={onChange} />
          <IconButton
            size="small"
            icon={X}
            label={t("view.remove", { name: view.name })}
            onClick={() => keep(saved.filter((one) => one !== view))}
          />
        </span>
      ))}
      <Button kind="quiet" size="small" icon={BookmarkPlus} className="shrink-0" onClick={() => setNaming(true)}>
        {t("view.save")}
      </Button>
      {naming && (
        <NameView
          onClose={() => setNaming(false)}
          onName={(name) => {
            keep([...saved.filter((one) => one.name !== name), { name, search }]);
            setNaming(false);
          }}
        />
      )}
    </nav>
  );
}

function Tab({ view, search, onChange }: ViewsProps & { view: SavedView }) {
  const current = sameSearch(view.search, search);
  return (
    <button
      type="button"
      aria-pressed={current}
      onClick={() => onChange(view.search)}
      className={classes(
        "shrink-0 rounded-md px-2.5 py-1 whitespace-nowrap touch-target",
        current ? "bg-accent-soft font-medium text-accent" : "text-quiet hover:bg-raised hover:text-text",
      )}
    >
      {view.name}
    </button>
  );
}

function sameSearch(a: RunsSearch, b: RunsSearch): boolean {
  const { job: _, show: __, requestId: ___, ...one } = a;
  const { job: ____, show: _____, requestId: ______, ...other } = b;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every(
    (name) => one[name as keyof typeof one] === other[name as keyof typeof other],
  );
}

function NameView({ onClose, onName }: { onClose: () => void; onName: (name: string) => void }) {
  const t = useText();
  const [name, setName] = useState("");
  return (
    <Dialog open onClose={onClose} title={t("view.save")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") onName(name.trim());
        }}
      >
        <Field label={t("view.name")} required>
          {(control) => <TextInput {...control} maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Button type="submit" kind="primary" className="self-end" disabled={name.trim() === ""}>
          {t("view.save")}
        </Button>
      </form>
    </Dialog>
  );
}
