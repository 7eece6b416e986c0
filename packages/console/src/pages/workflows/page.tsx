import type { WorkflowSummary } from "@millrace/contract";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ClipboardPaste, FilePlus, LayoutTemplate, Plus, Upload, Workflow, X } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { comparedWorkflowsQuery, workflowTagsQuery } from "#api/workflows.ts";
import { ImportReport } from "#pages/workflows/import-report.tsx";
import { PasteDialog } from "#pages/workflows/paste-dialog.tsx";
import { STATE_NAMES, STATES, type WorkflowsSearch } from "#pages/workflows/search.ts";
import { WorkflowTable } from "#pages/workflows/table.tsx";
import { useText } from "#pages/workflows/text.ts";
import { useImport } from "#pages/workflows/use-import.ts";
import { NewWorkflow } from "#parts/new-workflow/new-workflow.tsx";
import { TemplateCards, TemplateGallery } from "#parts/templates/cards.tsx";
import { folded } from "#text/fold.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { FilterSelect, TextInput } from "#ui/field.tsx";
import { Menu } from "#ui/menu.tsx";
import { More, type Pages } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";

const route = getRouteApi("/inside/workflows");

export default function WorkflowsPage() {
  const t = useText();
  const { tag } = route.useSearch();
  const list = useInfiniteQuery({ ...comparedWorkflowsQuery(tag), placeholderData: keepPreviousData });
  const { data: workflows, error, refetch } = list;
  const navigate = useNavigate();
  const [open, setOpen] = useState<"blank" | "templates" | "paste" | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const { look, asked, busy, take, cancel } = useImport();
  const drop = (event: DragEvent) => {
    const [dropped] = event.dataTransfer.files;
    if (!dropped) return;
    event.preventDefault();
    look(dropped);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a file can be dropped anywhere; the menu does the same by keyboard
    <div className="grow" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <Page
        wide
        title={t("title")}
        actions={
          <Menu
            trigger={
              <Button kind="primary" icon={Plus}>
                {t("new")}
              </Button>
            }
            items={[
              { key: "blank", label: t("new.blank"), icon: FilePlus, needs: "edit", onSelect: () => setOpen("blank") },
              { key: "template", label: t("new.template"), icon: LayoutTemplate, needs: "edit", onSelect: () => setOpen("templates") },
              { key: "import", label: t("new.import"), icon: Upload, needs: "edit", onSelect: () => file.current?.click() },
              { key: "paste", label: t("new.paste"), icon: ClipboardPaste, needs: "edit", onSelect: () => setOpen("paste") },
            ]}
          />
        }
      >
        <input
          ref={file}
          type="file"
          hidden
          accept=".flow,.yaml,.yml,.json"
          aria-label={t("new.import")}
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen) look(chosen);
            event.target.value = "";
          }}
        />
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {!workflows && !error && <Skeleton />}
        {workflows?.length === 0 && tag === undefined && (
          <Empty icon={Workflow} title={t("empty")}>
            <TemplateCards most={3} />
            <CodeBlock text="npx millrace deploy --publish" />
            <p className="text-sm text-quiet">{t("drop")}</p>
          </Empty>
        )}
        {workflows && (workflows.length > 0 || tag !== undefined) && <Found workflows={workflows} pages={list} />}
      </Page>
      {open === "blank" && (
        <NewWorkflow
          onClose={() => setOpen(null)}
          onMade={(id) => void navigate({ to: "/workflows/$workflow/edit", params: { workflow: id } })}
        />
      )}
      {open === "templates" && <TemplateGallery onClose={() => setOpen(null)} />}
      {open === "paste" && (
        <PasteDialog
          onClose={() => setOpen(null)}
          onText={(text) => {
            setOpen(null);
            look(text);
          }}
        />
      )}
      {asked && <ImportReport report={asked.report} busy={busy} onImport={() => take(asked.file)} onClose={cancel} />}
    </div>
  );
}

interface FoundProps {
  readonly workflows: readonly WorkflowSummary[];
  readonly pages: Pages;
}

function Found({ workflows, pages }: FoundProps) {
  const t = useText();
  const { name = "", state } = route.useSearch();
  const wanted = folded(name);
  const found = workflows.filter((one) => folded(one.name).includes(wanted) && (state === undefined || STATES[state](one)));
  const seeking = wanted !== "" || state !== undefined;
  return (
    <>
      <Filters />
      {found.length > 0 && <WorkflowTable workflows={found} />}
      {found.length === 0 && (pages.hasNextPage ? <Skeleton rows={2} /> : <p className="text-quiet">{t("filter.none")}</p>)}
      <More pages={pages} seeking={seeking} />
      <p className="text-sm text-quiet max-sm:hidden">{t("drop")}</p>
    </>
  );
}

function Filters() {
  const t = useText();
  const format = useFormat();
  const navigate = route.useNavigate();
  const { name: given = "", state, tag } = route.useSearch();
  // The address follows what is typed, and does not lead it: an input method composes meanwhile.
  const [name, setName] = useState(given);
  const { data: tags = [] } = useQuery(workflowTagsQuery);
  const search = (change: WorkflowsSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const counts = new Map(tags.map(({ tag: one, workflows }) => [one, workflows]));
  const choices = tag === undefined || counts.has(tag) ? [...counts.keys()] : [tag, ...counts.keys()];
  const isFiltered = given !== "" || state !== undefined || tag !== undefined;
  const clear = () => {
    setName("");
    search({ name: undefined, state: undefined, tag: undefined });
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <TextInput
        className="w-80 max-w-full max-sm:w-full"
        aria-label={t("filter")}
        placeholder={t("filter")}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
          search({ name: event.target.value || undefined });
        }}
      />
      {choices.length > 0 && (
        <FilterSelect
          label={t("filter.tag")}
          all={format.named(t("filter.tag"), t("filter.any"))}
          choices={choices}
          nameOf={(one) => `${one} (${format.number(counts.get(one) ?? 0)})`}
          value={tag ?? null}
          onChange={(one) => search({ tag: one ?? undefined })}
        />
      )}
      <FilterSelect
        label={t("filter.state")}
        all={format.named(t("filter.state"), t("filter.any"))}
        choices={STATE_NAMES}
        nameOf={(one) => t(`state.${one}`)}
        value={state ?? null}
        onChange={(one) => search({ state: one ?? undefined })}
      />
      {isFiltered && (
        <Button kind="quiet" icon={X} onClick={clear}>
          {t("filter.clear")}
        </Button>
      )}
    </div>
  );
}
