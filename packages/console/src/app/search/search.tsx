import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Activity, type LucideIcon, Workflow } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { path } from "#api/client.ts";
import { workflowsQuery } from "#api/workflows.ts";
import { usePlaces } from "#app/navigation.ts";
import { useText } from "#app/search/text.ts";
import { isComposing } from "#app/shortcuts.ts";
import { useText as usePlaceNames } from "#app/text.ts";
import { folded } from "#text/fold.ts";
import { Dialog } from "#ui/dialog.tsx";
import { TextInput } from "#ui/field.tsx";

interface Found {
  readonly kind: "page" | "workflow" | "run";
  readonly name: string;
  readonly icon: LucideIcon;
  readonly to: string;
}

const RUN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MOST = 12;

/** To any page, workflow or run, by a part of its name. */
export function Search({ onClose }: { onClose: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const found = useFound(query);
  const go = ({ to }: Found) => {
    onClose();
    void navigate({ to });
  };
  const press = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const chosen = found[at];
    if (step !== 0) setAt((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter" && chosen) go(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog open onClose={onClose} title={t("title")}>
      <TextInput
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls="search-found"
        aria-activedescendant={found[at] ? `found-${at}` : undefined}
        aria-label={t("hint")}
        placeholder={t("hint")}
        value={query}
        onKeyDown={press}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
      />
      <div id="search-found" role="listbox" aria-label={t("title")} className="mt-3 flex min-h-40 flex-col gap-0.5">
        {found.length === 0 && <p className="text-quiet">{t("none")}</p>}
        {found.map((one, index) => (
          <button
            key={one.to}
            id={`found-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="flex items-center gap-2.5 rounded-md px-2.5 py-1.5 text-start hover:bg-raised aria-selected:bg-accent-soft"
            onClick={() => go(one)}
          >
            <one.icon size={16} aria-hidden="true" className="shrink-0 text-quiet" />
            <span className="min-w-0 grow truncate">{one.name}</span>
            <span className="text-sm text-quiet">{t(`kind.${one.kind}`)}</span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}

function useFound(query: string): readonly Found[] {
  const nameOf = usePlaceNames();
  const places = usePlaces();
  const { data: workflows = [] } = useQuery(workflowsQuery);
  const id = query.trim().toLowerCase();
  if (RUN_ID.test(id)) return [{ kind: "run", name: id, icon: Activity, to: path("runs", id) }];
  const all: Found[] = [
    ...workflows.map(
      ({ id: workflow, name }): Found => ({ kind: "workflow", name, icon: Workflow, to: path("workflows", workflow, "edit") }),
    ),
    ...places.map(({ to, name, icon }): Found => ({ kind: "page", name: nameOf(name), icon, to })),
  ];
  const wanted = folded(query);
  return all.filter(({ name }) => folded(name).includes(wanted)).slice(0, MOST);
}
