import { canonicalJson, type Json, summaryOfCounts, type VersionSummary, type WorkflowDocument } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Ellipsis, FileDown, FilePen, GitCommitVertical, Rocket, Undo2 } from "lucide-react";
import { useState } from "react";
import { type Draft, getDraft, saveDraft } from "#api/drafts.ts";
import { exportWorkflow, promoteVersion, versionQuery, versionsQuery } from "#api/versions.ts";
import { useAction } from "#app/use-action.ts";
import { Comparison } from "#pages/versions/comparison.tsx";
import { useText } from "#pages/versions/text.ts";
import { WorkflowTabs } from "#pages/workflow-tabs.tsx";
import { useFormat } from "#text/format.ts";
import { useLanguage } from "#text/text.tsx";
import { IconButton } from "#ui/button.tsx";
import { Confirm } from "#ui/confirm.tsx";
import { download } from "#ui/download.ts";
import { Field, Select } from "#ui/field.tsx";
import { Menu } from "#ui/menu.tsx";
import { Skeleton } from "#ui/notice.tsx";
import { Empty, NotYet, Page } from "#ui/page.tsx";
import { useToast } from "#ui/toast.tsx";

const route = getRouteApi("/inside/workflows/$workflow/versions");

/** Names the draft where a version is chosen. */
const DRAFT = "draft";

export default function VersionsPage() {
  const t = useText();
  const { workflow } = route.useParams();
  const draft = useQuery({ queryKey: ["workflow", workflow], queryFn: ({ signal }) => getDraft(workflow, signal) });
  const { data, error, refetch } = useQuery(versionsQuery(workflow));
  const failure = error ?? draft.error;
  if (failure || !data || !draft.data) return <NotYet error={failure} onRetry={() => void refetch()} />;
  return (
    <Page title={t("title", { name: draft.data.name })} lead={t("lead")}>
      <WorkflowTabs workflow={workflow} />
      {data.data.length === 0 ? (
        <Empty icon={GitCommitVertical} title={t("empty")} />
      ) : (
        <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,5fr)]">
          <VersionList draft={draft.data} versions={data.data} />
          <Compare draft={draft.data} versions={data.data} />
        </div>
      )}
    </Page>
  );
}

interface PartProps {
  readonly draft: Draft;
  /** The newest first. */
  readonly versions: readonly VersionSummary[];
}

/** What is asked about one version. */
type Open = { readonly what: "promote" | "load"; readonly version: VersionSummary } | null;

function VersionList({ draft, versions }: PartProps) {
  const t = useText();
  const [open, setOpen] = useState<Open>(null);
  const liveAt = versions.findIndex(({ live }) => live);
  return (
    <section aria-label={t("list")} className="rounded-lg border border-line bg-surface">
      <ol>
        {versions.map((version, index) => (
          <Row
            key={version.version}
            workflow={draft.id}
            version={version}
            isOlder={liveAt !== -1 && index > liveAt}
            onOpen={(what) => setOpen({ what, version })}
          />
        ))}
      </ol>
      {open?.what === "promote" && (
        <Promote workflow={draft.id} version={open.version.version} live={draft.liveVersion ?? ""} onClose={() => setOpen(null)} />
      )}
      {open?.what === "load" && <Load draft={draft} version={open.version.version} onClose={() => setOpen(null)} />}
    </section>
  );
}

interface RowProps {
  readonly workflow: string;
  readonly version: VersionSummary;
  /** Than the live one. */
  readonly isOlder: boolean;
  readonly onOpen: (what: "promote" | "load") => void;
}

function Row({ workflow, version: { version, live, createdAt, ...row }, isOlder, onOpen }: RowProps) {
  const t = useText();
  const format = useFormat();
  const { language } = useLanguage();
  const note = row.changes ? summaryOfCounts(row.changes, language) : row.note;
  const toast = useToast();
  const navigate = route.useNavigate();
  const save = useAction({
    run: exportWorkflow,
    changes: [],
    onDone: ({ fileName, content, warnings }) => {
      download(fileName, content);
      if (warnings.length > 0)
        toast({ title: t("export.warned", { count: warnings.length }), detail: warnings.map(({ message }) => message).join("\n") });
    },
  });
  return (
    <li className="flex items-start gap-2 border-b border-line px-3 py-2.5 last:border-0">
      <button
        type="button"
        className="min-w-0 grow text-start"
        onClick={() => void navigate({ search: (old) => ({ ...old, to: version }), replace: true, resetScroll: false })}
      >
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{version}</span>
          {live && <span className="rounded-full bg-good-soft px-2 text-sm font-medium text-good">{t("live")}</span>}
        </span>
        {note !== undefined && <span className="block text-sm [overflow-wrap:anywhere]">{note}</span>}
        <span className="block text-sm text-quiet">{format.time(createdAt)}</span>
      </button>
      <Menu
        trigger={<IconButton size="small" icon={Ellipsis} label={version} />}
        items={[
          {
            key: "promote",
            label: t(isOlder ? "rollback" : "promote"),
            icon: isOlder ? Undo2 : Rocket,
            disabled: live,
            needs: "edit",
            onSelect: () => onOpen("promote"),
          },
          { key: "load", label: t("load"), icon: FilePen, needs: "edit", onSelect: () => onOpen("load") },
          null,
          { key: "export", label: t("export"), icon: FileDown, onSelect: () => save.mutate({ workflow, version, format: "millrace" }) },
          { key: "flow", label: t("export.flow"), icon: FileDown, onSelect: () => save.mutate({ workflow, version, format: "flow" }) },
        ]}
      />
    </li>
  );
}

function Promote({ workflow, version, live, onClose }: { workflow: string; version: string; live: string; onClose: () => void }) {
  const t = useText();
  const promote = useAction({
    run: promoteVersion,
    done: () => t("promote.done", { version }),
    changes: [["versions", workflow], ["workflow", workflow], ["workflows"]],
    onDone: onClose,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("promote.title", { version })}
      effect={t("promote.effect", { version, live })}
      action={t("promote.action")}
      busy={promote.isPending}
      onConfirm={() => promote.mutate({ workflow, version })}
    />
  );
}

function Load({ draft, version, onClose }: { draft: Draft; version: string; onClose: () => void }) {
  const t = useText();
  const { data } = useQuery(versionQuery(draft.id, version));
  const load = useAction({
    run: (document: WorkflowDocument) => saveDraft(draft.id, document, draft.revision),
    done: () => t("load.done", { version }),
    changes: [["workflow", draft.id], ["draft-history", draft.id], ["workflows"]],
    onDone: onClose,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("load.title", { version })}
      effect={t("load.effect", { version })}
      action={t("load.action")}
      busy={load.isPending || !data}
      onConfirm={() => data && load.mutate(data.document)}
    />
  );
}

/** Without a choice: what the draft changes of the live version, and where it changes nothing what that one changed. */
function Compare({ draft, versions }: PartProps) {
  const t = useText();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const format = useFormat();
  const live = useDocument(draft, draft.liveVersion ?? DRAFT);
  const hasNews = versions.length < 2 || !live || textOf(live) !== textOf(draft.document);
  const to = search.to ?? (hasNews ? DRAFT : (draft.liveVersion ?? DRAFT));
  const from = search.from ?? before(versions, to) ?? draft.liveVersion ?? DRAFT;
  const left = useDocument(draft, from);
  const right = useDocument(draft, to);
  const choice = (label: string, value: string, side: "from" | "to") => (
    <Field label={label}>
      {(control) => (
        <Select
          {...control}
          value={value}
          onChange={(event) => void navigate({ search: (old) => ({ ...old, [side]: event.target.value }), replace: true })}
        >
          <option value={DRAFT}>{t("draft")}</option>
          {versions.map(({ version, live }) => (
            <option key={version} value={version}>
              {live ? format.aside(version, t("live")) : version}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
  return (
    <section className="flex min-w-0 flex-col gap-4">
      <div className="grid grid-cols-2 gap-3">
        {choice(t("from"), from, "from")}
        {choice(t("to"), to, "to")}
      </div>
      {from === to ? (
        <p className="text-quiet">{t("same.choose")}</p>
      ) : left && right ? (
        <Comparison before={left} after={right} />
      ) : (
        <Skeleton />
      )}
    </section>
  );
}

function textOf(document: WorkflowDocument): string {
  return canonicalJson(document as unknown as Json);
}

/** The version before this one; the draft follows on the live one. */
function before(versions: readonly VersionSummary[], version: string): string | undefined {
  const at = versions.findIndex((one) => one.version === version);
  return at === -1 ? undefined : versions[at + 1]?.version;
}

function useDocument(draft: Draft, version: string): WorkflowDocument | undefined {
  const { data } = useQuery(versionQuery(draft.id, version === DRAFT ? undefined : version));
  return version === DRAFT ? draft.document : data?.document;
}
