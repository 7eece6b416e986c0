import { useInfiniteQuery } from "@tanstack/react-query";
import { Activity, Columns3, Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { type RunHeader, runsQuery } from "#api/runs.ts";
import { BulkBar } from "#pages/runs/bulk.tsx";
import { ALL_COLUMNS, type ColumnName, FIXED, type RunColumn, useColumns } from "#pages/runs/columns.ts";
import { Filters } from "#pages/runs/filters.tsx";
import { Job } from "#pages/runs/job.tsx";
import { RunList } from "#pages/runs/list.tsx";
import { filterOf, indexedFilterOf, isFiltered, isSearched, type RunsSearch } from "#pages/runs/search.ts";
import { useText } from "#pages/runs/text.ts";
import { Views } from "#pages/runs/views.tsx";
import { lastList } from "#parts/last-list.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { download } from "#ui/json-view.tsx";
import { Menu } from "#ui/menu.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty } from "#ui/page.tsx";

export interface TabProps {
  readonly search: RunsSearch;
  readonly onChange: (search: RunsSearch) => void;
}

export function RunsTab({ search, onChange }: TabProps) {
  const t = useText();
  const [now, setNow] = useState(Date.now);
  const query = filterOf(search, now);
  const list = useInfiniteQuery(runsQuery(query));
  useEffect(() => lastList.set(query));
  const { data: runs, error, refetch } = list;
  const frame = useRef<HTMLDivElement>(null);
  const { columns, toggle } = useColumns(frame);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const change = (next: RunsSearch) => {
    setNow(Date.now());
    setSelected(new Set());
    onChange(next);
  };
  const chosen = runs?.filter(({ id }) => selected.has(id)) ?? [];
  return (
    <>
      <div ref={frame} className="flex flex-wrap items-center justify-between gap-2">
        <Views search={search} onChange={change} />
        <span className="flex gap-2">
          <ColumnMenu columns={columns} onToggle={toggle} />
          <Button
            size="small"
            icon={Download}
            disabled={!runs?.length}
            onClick={() => exportRuns(chosen.length > 0 ? chosen : (runs ?? []))}
          >
            {t("bulk.export")}
          </Button>
        </span>
      </div>
      <Filters search={search} onChange={change} />
      {search.job !== undefined && <Job id={search.job} onClose={() => change({ ...search, job: undefined })} />}
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!runs && !error && <Skeleton />}
      {runs?.length === 0 && <Nothing filtered={isFiltered(search)} more={list.hasNextPage} onClear={() => change({})} />}
      {runs && runs.length > 0 && (
        <>
          <BulkBar
            chosen={chosen}
            filter={indexedFilterOf(search, now)}
            searched={isSearched(search)}
            onDone={() => setSelected(new Set())}
            onJob={(job) => change({ ...search, job })}
          />
          <RunList runs={runs} columns={columns} selected={selected} onSelect={setSelected} onFilter={(next) => change(next(search))} />
        </>
      )}
      <More pages={list} />
    </>
  );
}

interface ColumnMenuProps {
  readonly columns: readonly RunColumn[];
  readonly onToggle: (name: ColumnName) => void;
}

/** A phone has cards in place of columns. */
function ColumnMenu({ columns, onToggle }: ColumnMenuProps) {
  const t = useText();
  const shown = new Set(columns.map(({ name }) => name));
  return (
    <span className="max-sm:hidden">
      <Menu
        trigger={
          <Button size="small" icon={Columns3}>
            {t("columns")}
          </Button>
        }
        items={ALL_COLUMNS.filter(({ name }) => !FIXED.has(name)).map(({ name, title }) => ({
          key: name,
          label: t(title),
          on: shown.has(name),
          onSelect: () => onToggle(name),
        }))}
      />
    </span>
  );
}

interface NothingProps {
  readonly filtered: boolean;
  /** A search looks at so many runs a page: there are more that it has not looked at. */
  readonly more: boolean;
  readonly onClear: () => void;
}

function Nothing({ filtered, more, onClear }: NothingProps) {
  const t = useText();
  return (
    <Empty icon={Activity} title={more ? t("none.yet") : filtered ? t("none") : t("empty")}>
      {filtered ? <Button onClick={onClear}>{t("filter.clear")}</Button> : <CodeBlock text="millrace invoke WORKFLOW -i topic=News" />}
    </Empty>
  );
}

function exportRuns(runs: readonly RunHeader[]): void {
  download("runs.jsonl", runs.map((run) => `${JSON.stringify(run)}\n`).join(""));
}
