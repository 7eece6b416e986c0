import { useQuery } from "@tanstack/react-query";
import { SlidersHorizontal, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { allKeysQuery } from "#api/keys.ts";
import { useShortcuts } from "#app/shortcuts.ts";
import { amount, isFiltered, isSearched, type RunsSearch, STATUS_NAMES, TIMES, type TimeName, TRIGGER_NAMES } from "#pages/runs/search.ts";
import { useText } from "#pages/runs/text.ts";
import { WorkflowSelect } from "#pages/workflow-select.tsx";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { FILTER_WIDTH, Select, TextInput } from "#ui/field.tsx";
import { useText as useStatusText } from "#ui/text.ts";

interface FiltersProps {
  readonly search: RunsSearch;
  readonly onChange: (search: RunsSearch) => void;
}

/** What the list is narrowed by; what only a search can tell is behind a button, until some of it is chosen. */
export function Filters({ search, onChange }: FiltersProps) {
  const t = useText();
  const [wide, setWide] = useState(() => isSearched(search));
  return (
    <div className="flex flex-col gap-2">
      <IndexedFilters search={search} onChange={onChange}>
        <Button kind="quiet" icon={SlidersHorizontal} aria-expanded={wide} onClick={() => setWide(!wide)}>
          {t("filter.more")}
        </Button>
      </IndexedFilters>
      {(wide || isSearched(search)) && <SearchFilters search={search} onChange={onChange} />}
    </div>
  );
}

interface IndexedProps extends FiltersProps {
  readonly without?: "status";
  readonly children?: ReactNode;
}

export function IndexedFilters({ search, onChange, without, children }: IndexedProps) {
  const t = useText();
  const format = useFormat();
  const words = useStatusText();
  const group = useRef<HTMLFieldSetElement>(null);
  useShortcuts({ "runs.filter": () => group.current?.querySelector("select")?.focus() });
  const set = (change: RunsSearch) => onChange({ ...search, ...change });
  return (
    <fieldset ref={group} className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">{t("filters")}</legend>
      {without !== "status" && (
        <Choice
          label={t("filter.status")}
          value={search.status}
          options={STATUS_NAMES.map((name) => [name, words(`status.${name}`)])}
          onChange={(status) => set({ status: status as RunsSearch["status"] })}
        />
      )}
      <WorkflowSelect
        className={FILTER_WIDTH}
        aria-label={t("filter.workflow")}
        none={format.named(t("filter.workflow"), t("filter.any"))}
        value={search.workflow ?? ""}
        onChange={(event) => set({ workflow: event.target.value || undefined })}
      />
      <Choice
        label={t("filter.trigger")}
        value={search.trigger}
        options={TRIGGER_NAMES.map((name) => [name, words(`trigger.${name}`)])}
        onChange={(trigger) => set({ trigger: trigger as RunsSearch["trigger"] })}
      />
      <Choice
        label={t("filter.time")}
        value={search.time}
        options={(Object.keys(TIMES) as TimeName[]).map((name) => [name, t(`time.${name}`)])}
        onChange={(time) => set({ time: time as RunsSearch["time"], since: undefined, until: undefined })}
      />
      {search.since !== undefined && search.until !== undefined && (
        <Button icon={X} title={t("filter.span.off")} onClick={() => set({ since: undefined, until: undefined })}>
          {t("filter.span", { since: format.time(search.since), until: format.time(search.until) })}
        </Button>
      )}
      <TextFilter className="w-36 max-sm:w-full" label={t("filter.user")} value={search.user} onChange={(user) => set({ user })} />
      {children}
      {isFiltered(search) && (
        <Button kind="quiet" onClick={() => onChange({ show: search.show })}>
          {t("filter.clear")}
        </Button>
      )}
    </fieldset>
  );
}

/** Version, key, error, cost, latency, and what inputs and outputs say. A number says nothing by itself: these have their names above them. */
function SearchFilters({ search, onChange }: FiltersProps) {
  const t = useText();
  const { data: keys = [] } = useQuery(allKeysQuery);
  const set = (change: RunsSearch) => onChange({ ...search, ...change });
  const field = (name: "version" | "error" | "text" | "where", className: string, placeholder = "") => (
    <Named label={t(`filter.${name}`)}>
      <TextFilter
        className={className}
        label={t(`filter.${name}`)}
        placeholder={placeholder}
        value={search[name]}
        onChange={(value) => set({ [name]: value })}
      />
    </Named>
  );
  const above = (name: "cost" | "latency") => (
    <Named label={t(`filter.${name}`)}>
      <TextFilter
        className="w-24"
        label={t(`filter.${name}`)}
        placeholder=""
        value={search[name]?.toString()}
        onChange={(value) => set({ [name]: amount(value) })}
      />
    </Named>
  );
  return (
    <fieldset className="flex flex-wrap items-end gap-2">
      <legend className="sr-only">{t("filter.more")}</legend>
      {field("version", "w-24")}
      <Named label={t("filter.key")}>
        <Choice
          label={t("filter.key")}
          any={t("filter.any")}
          value={search.key}
          options={keys.map(({ id, name, hint }) => [id, name === undefined ? hint : `${name} ${hint}`])}
          onChange={(key) => set({ key })}
        />
      </Named>
      {field("error", "w-36")}
      {above("cost")}
      {above("latency")}
      {field("text", "w-44")}
      {field("where", "w-72 max-w-full font-mono text-sm", 'input.topic ~ "AI"')}
    </fieldset>
  );
}

/** A field's name above it; the field says it to those who cannot see it. */
function Named({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="flex max-w-full flex-col gap-0.5">
      <span aria-hidden="true" className="text-xs text-quiet">
        {label}
      </span>
      {children}
    </span>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, word: string])[];
  readonly onChange: (value: string | undefined) => void;
  /** Its first line; absent: the label, and that nothing is filtered by it. */
  readonly any?: string;
}

function Choice({ label, value, options, onChange, any }: ChoiceProps) {
  const t = useText();
  const format = useFormat();
  return (
    <Select className={FILTER_WIDTH} aria-label={label} value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
      <option value="">{any ?? format.named(label, t("filter.any"))}</option>
      {options.map(([name, word]) => (
        <option key={name} value={name}>
          {word}
        </option>
      ))}
    </Select>
  );
}

const given = (text: string) => text.trim() || undefined;

interface TextFilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** Its width. */
  readonly className: string;
  readonly placeholder?: string;
}

/** The list follows when the field is left or Enter is pressed: half a name matches nobody. */
export function TextFilter({ label, value, onChange, className, placeholder }: TextFilterProps) {
  const input = useRef<HTMLInputElement>(null);
  // What the address says anew is shown, and the focus stays where it is.
  useEffect(() => {
    if (input.current && given(input.current.value) !== value) input.current.value = value ?? "";
  }, [value]);
  return (
    <form
      className="max-sm:grow"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(given(String(new FormData(event.currentTarget).get("text") ?? "")));
      }}
    >
      <TextInput
        ref={input}
        name="text"
        className={className}
        aria-label={label}
        title={label}
        placeholder={placeholder ?? label}
        defaultValue={value ?? ""}
        onBlur={(event) => {
          const next = given(event.target.value);
          if (next !== value) onChange(next);
        }}
      />
    </form>
  );
}
