import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { baseQuery, deleteBase } from "#api/knowledge.ts";
import { useAction } from "#app/use-action.ts";
import { Documents } from "#pages/knowledge/documents.tsx";
import { SearchBox } from "#pages/knowledge/search-box.tsx";
import { useText } from "#pages/knowledge/text.ts";
import { Button } from "#ui/button.tsx";
import { Confirm } from "#ui/confirm.tsx";
import { NotYet, Page } from "#ui/page.tsx";

const route = getRouteApi("/inside/knowledge/$base");

/** One base: its documents, and a search in them. */
export default function BasePage() {
  const t = useText();
  const { base } = route.useParams();
  const { data, error, refetch } = useQuery(baseQuery(base));
  const [deleting, setDeleting] = useState(false);
  if (error || !data) return <NotYet error={error} onRetry={() => void refetch()} />;
  return (
    <Page
      title={data.name}
      lead={data.description}
      actions={
        <Button kind="danger" needs="edit" onClick={() => setDeleting(true)}>
          {t("delete")}
        </Button>
      }
    >
      <p className="flex flex-wrap gap-x-4 text-sm text-quiet">
        <Link to="/knowledge" className="text-accent underline-offset-2 hover:underline">
          {t("back")}
        </Link>
        <span>{t("documents", { count: data.documents })}</span>
        <span>{t("passages", { count: data.passages })}</span>
        <span>{data.embeddingModel === undefined ? t("by.words") : t("by.meaning", { model: data.embeddingModel })}</span>
      </p>
      <div className="grid grid-cols-1 items-start gap-5 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Documents base={data.id} />
        <SearchBox base={base} />
      </div>
      {deleting && <Delete base={base} name={data.name} onClose={() => setDeleting(false)} />}
    </Page>
  );
}

function Delete({ base, name, onClose }: { base: string; name: string; onClose: () => void }) {
  const t = useText();
  const navigate = useNavigate();
  const remove = useAction({
    run: deleteBase,
    done: () => t("delete.done", { name }),
    changes: [["knowledge"]],
    onDone: () => void navigate({ to: "/knowledge" }),
  });
  return (
    <Confirm
      open
      onClose={onClose}
      typed={name}
      title={t("delete.title", { name })}
      effect={t("delete.effect")}
      action={t("delete.action")}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(base)}
    />
  );
}
