import { useRef } from "react";
import { useShortcuts } from "#app/shortcuts.ts";
import { isFiltered, type RunsSearch, STATUS_NAMES, TIMES, type TimeName, TRIGGER_NAMES } from "#pages/runs/search.ts";
import { useText } from "#pages/runs/text.ts";
import { WorkflowSelect } from "#pages/workflow-select.tsx";
import { Button } from "#ui/button.tsx";
import { Select, TextInput } from "#ui/field.tsx";
import { useText as useStatusText } from "#ui/text.ts";

interface FiltersProps {
  readonly search: RunsSearch;
  readonly onChange: (search: RunsSearch) => void;
}

export function Filters({ search, onChange }: FiltersProps) {
  const t = useText();
  const words = useStatusText();
  const group = useRef<HTMLFieldSetElement>(null);
  useShortcuts({ "runs.filter": () => group.current?.querySelector("select")?.focus() });
  const set = (change: RunsSearch) => onChange({ ...search, ...change });
  return (
    <fieldset ref={group} className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">{t("filters")}</legend>
      <Choice
        label={t("filter.status")}
        value={search.status}
        options={STATUS_NAMES.map((name) => [name, words(`status.${name}`)])}
        onChange={(status) => set({ status: status as RunsSearch["status"] })}
      />
      <WorkflowSelect
        className="w-auto max-w-52"
        aria-label={t("filter.workflow")}
        none={`${t("filter.workflow")}: ${t("filter.any")}`}
        value={search.workflow ?? ""}
        onChange={(event) => set({ workflow: event.target.value || undefined })}
      />
      <Choice
        label={t("filter.trigger")}
        value={search.trigger}
        options={TRIGGER_NAMES.map((name) => [name, t(`trigger.${name}`)])}
        onChange={(trigger) => set({ trigger: trigger as RunsSearch["trigger"] })}
      />
      <Choice
        label={t("filter.time")}
        value={search.time}
        options={(Object.keys(TIMES) as TimeName[]).map((name) => [name, t(`time.${name}`)])}
        onChange={(time) => set({ time: time as RunsSearch["time"] })}
      />
      <UserFilter key={search.user ?? ""} user={search.user} onChange={(user) => set({ user })} />
      {isFiltered(search) && (
        <Button kind="quiet" onClick={() => onChange({})}>
          {t("filter.clear")}
        </Button>
      )}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, word: string])[];
  readonly onChange: (value: string | undefined) => void;
}

/** A list whose first line is its name: nothing is filtered by it. */
function Choice({ label, value, options, onChange }: ChoiceProps) {
  const t = useText();
  return (
    <Select className="w-auto" aria-label={label} value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
      <option value="">{`${label}: ${t("filter.any")}`}</option>
      {options.map(([name, word]) => (
        <option key={name} value={name}>
          {word}
        </option>
      ))}
    </Select>
  );
}

/** The list follows when the field is left or Enter is pressed: half a name matches nobody. */
function UserFilter({ user, onChange }: { user: string | undefined; onChange: (user: string | undefined) => void }) {
  const t = useText();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(String(new FormData(event.currentTarget).get("user") ?? "").trim() || undefined);
      }}
    >
      <TextInput
        name="user"
        className="w-36"
        aria-label={t("filter.user")}
        placeholder={t("filter.user")}
        defaultValue={user ?? ""}
        onBlur={(event) => {
          const next = event.target.value.trim() || undefined;
          if (next !== user) onChange(next);
        }}
      />
    </form>
  );
}
