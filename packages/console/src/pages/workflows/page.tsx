import type { WorkflowSummary } from "@millrace/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ClipboardPaste, FilePlus, LayoutTemplate, Plus, Upload, Workflow } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { comparedWorkflowsQuery } from "#api/workflows.ts";
import { ImportReport } from "#pages/workflows/import-report.tsx";
import { PasteDialog } from "#pages/workflows/paste-dialog.tsx";
import { WorkflowTable } from "#pages/workflows/table.tsx";
import { useText } from "#pages/workflows/text.ts";
import { useImport } from "#pages/workflows/use-import.ts";
import { NewWorkflow } from "#parts/new-workflow/new-workflow.tsx";
import { TemplateCards, TemplateGallery } from "#parts/templates/cards.tsx";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { FilterSelect, TextInput } from "#ui/field.tsx";
import { Menu } from "#ui/menu.tsx";
import { More, type Pages } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";

export default function WorkflowsPage() {
  const t = useText();
  const list = useInfiniteQuery(comparedWorkflowsQuery);
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
        {workflows?.length === 0 && (
          <Empty icon={Workflow} title={t("empty")}>
            <TemplateCards most={3} />
            <CodeBlock text="npx millrace deploy --publish" />
            <p className="text-sm text-quiet">{t("drop")}</p>
          </Empty>
        )}
        {workflows && workflows.length > 0 && <Found workflows={workflows} pages={list} />}
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

/** NFKC, so that width and compatibility forms make no difference. */
function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** What the list can be narrowed to. */
const STATES = {
  live: ({ liveVersion }) => liveVersion !== undefined,
  differs: ({ differs }) => differs === true,
  unpublished: ({ liveVersion }) => liveVersion === undefined,
  off: ({ apiEnabled }) => !apiEnabled,
} as const satisfies Readonly<Record<string, (workflow: WorkflowSummary) => boolean>>;
type StateName = keyof typeof STATES;

function Found({ workflows, pages }: { workflows: readonly WorkflowSummary[]; pages: Pages }) {
  const t = useText();
  const format = useFormat();
  const [name, setName] = useState("");
  const [state, setState] = useState<StateName | null>(null);
  const found = workflows.filter((one) => plain(one.name).includes(plain(name.trim())) && (state === null || STATES[state](one)));
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <TextInput
          className="w-80 max-w-full"
          aria-label={t("filter")}
          placeholder={t("filter")}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <FilterSelect
          label={t("filter.state")}
          all={format.named(t("filter.state"), t("filter.any"))}
          choices={Object.keys(STATES) as StateName[]}
          nameOf={(one) => t(`state.${one}`)}
          value={state}
          onChange={setState}
        />
      </div>
      {found.length === 0 && !pages.hasNextPage && <p className="text-quiet">{t("filter.none")}</p>}
      {found.length > 0 && <WorkflowTable workflows={found} />}
      <More pages={pages} seeking={name.trim() !== "" || state !== null} />
      <p className="text-sm text-quiet max-sm:hidden">{t("drop")}</p>
    </>
  );
}
