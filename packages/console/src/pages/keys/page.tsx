import type { KeyView } from "@millrace/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { keysQuery, revokeKey, rotateKey } from "#api/keys.ts";
import { useAction } from "#app/use-action.ts";
import { isIdle, KeyTable } from "#pages/keys/key-table.tsx";
import { NewKey } from "#pages/keys/new-key.tsx";
import { ShownOnce } from "#pages/keys/shown-once.tsx";
import { useText } from "#pages/keys/text.ts";
import { WorkflowSelect } from "#pages/workflow-select.tsx";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { ForRole } from "#ui/closed.tsx";
import { Confirm } from "#ui/confirm.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { FILTER_WIDTH, Field, FilterSelect, Select, TextInput } from "#ui/field.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";

/** What is open over the list. */
type Open = { readonly what: "new" } | { readonly what: "rotate" | "revoke"; readonly key: KeyView } | null;

export default function KeysPage() {
  const t = useText();
  return (
    <ForRole needs="operate" title={t("title")} lead={t("lead")}>
      <Keys />
    </ForRole>
  );
}

function Keys() {
  const t = useText();
  const format = useFormat();
  const list = useInfiniteQuery(keysQuery);
  const { data: keys, error, refetch, isPending } = list;
  const [open, setOpen] = useState<Open>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [filter, setFilter] = useState("");
  const shut = () => setOpen(null);
  const show = ({ key }: { readonly key: string }) => {
    shut();
    setSecret(key);
  };
  const [state, setState] = useState<StateName | null>(null);
  const [workflow, setWorkflow] = useState("");
  const now = Date.now();
  const reaches = ({ workflows }: KeyView) => workflow === "" || workflows.length === 0 || workflows.some(({ id }) => id === workflow);
  const matching = keys?.filter((key) => matches(key, filter) && reaches(key) && (state === null || STATES[state](key, now))) ?? [];
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <Button kind="primary" icon={Plus} needs="edit" onClick={() => setOpen({ what: "new" })}>
          {t("new")}
        </Button>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton />}
      {keys?.length === 0 && <Empty icon={KeyRound} title={t("empty")} />}
      {keys && keys.length > 0 && (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <TextInput
              type="search"
              aria-label={t("filter")}
              placeholder={t("filter")}
              className="w-80 max-w-full max-sm:w-full"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
            <FilterSelect
              label={t("filter.state")}
              all={format.named(t("filter.state"), t("filter.any"))}
              choices={Object.keys(STATES) as StateName[]}
              nameOf={(one) => t(`state.${one}`)}
              value={state}
              onChange={setState}
            />
            <WorkflowSelect
              className={FILTER_WIDTH}
              aria-label={t("create.workflows")}
              none={format.named(t("create.workflows"), t("filter.any"))}
              value={workflow}
              onChange={(event) => setWorkflow(event.target.value)}
            />
          </div>
          {matching.length === 0 && !list.hasNextPage && <p className="text-quiet">{t("filter.none")}</p>}
          {matching.length > 0 && (
            <KeyTable
              keys={matching}
              onRotate={(key) => setOpen({ what: "rotate", key })}
              onRevoke={(key) => setOpen({ what: "revoke", key })}
            />
          )}
          <More pages={list} seeking={filter !== "" || state !== null || workflow !== ""} />
        </>
      )}
      {open?.what === "new" && <NewKey open onClose={shut} onCreated={show} />}
      {open?.what === "rotate" && <Rotate of={open.key} onClose={shut} onRotated={show} />}
      {open?.what === "revoke" && <Revoke of={open.key} onClose={shut} />}
      <ShownOnce value={secret} onClose={() => setSecret(null)} />
    </Page>
  );
}

/** What the list can be narrowed to. */
const STATES = {
  works: ({ expiresAt }, now) => expiresAt === undefined || expiresAt > now,
  expired: ({ expiresAt }, now) => expiresAt !== undefined && expiresAt <= now,
  replaced: ({ replacedBy }) => replacedBy !== undefined,
  idle: isIdle,
} as const satisfies Readonly<Record<string, (key: KeyView, now: number) => boolean>>;
type StateName = keyof typeof STATES;

function matches({ name, workflows }: KeyView, filter: string): boolean {
  const wanted = filter.normalize("NFKC").toLowerCase();
  return [name ?? "", ...workflows.map((workflow) => workflow.name)].some((text) => text.normalize("NFKC").toLowerCase().includes(wanted));
}

const OVERLAPS_S = ["0", "3600", "86400", "604800"] as const;

function Rotate({ of: key, onClose, onRotated }: { of: KeyView; onClose: () => void; onRotated: (key: { readonly key: string }) => void }) {
  const t = useText();
  const [overlap, setOverlap] = useState("86400");
  const rotate = useAction({ run: rotateKey, changes: [["keys"]], onDone: onRotated });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("rotate.title", { name: key.name ?? key.hint })}
      description={t("rotate.effect")}
      actions={
        <Button kind="primary" disabled={rotate.isPending} onClick={() => rotate.mutate({ id: key.id, overlapS: Number(overlap) })}>
          {t("rotate.action")}
        </Button>
      }
    >
      <Field label={t("rotate.overlap")}>
        {(control) => (
          <Select {...control} value={overlap} onChange={(event) => setOverlap(event.target.value)}>
            {OVERLAPS_S.map((seconds) => (
              <option key={seconds} value={seconds}>
                {t(`overlap.${seconds}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </Dialog>
  );
}

function Revoke({ of: key, onClose }: { of: KeyView; onClose: () => void }) {
  const t = useText();
  const name = key.name ?? key.hint;
  const revoke = useAction({ run: revokeKey, done: () => t("revoke.done", { name }), changes: [["keys"]], onDone: onClose });
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("revoke.title", { name })}
      effect={t("revoke.effect")}
      action={t("revoke.action")}
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate(key.id)}
    />
  );
}
