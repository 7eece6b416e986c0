import { CircleAlert, RefreshCw } from "lucide-react";
import { useEffect, useState } from "react";
import { ApiError, canPass } from "#api/client.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { useText } from "#ui/text.ts";

/** An error in full: what the server says, the page that explains it, the request; a button where trying again may help. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useText();
  const format = useFormat();
  const known = error instanceof ApiError ? error : null;
  return (
    <div role="alert" className="flex items-start gap-3 rounded-lg border border-line bg-bad-soft p-4">
      <CircleAlert size={18} aria-hidden="true" className="mt-0.5 shrink-0 text-bad" />
      <div className="min-w-0 grow">
        <p className="font-medium [overflow-wrap:anywhere]">{messageOf(error, t)}</p>
        {known && (
          <p className="mt-1 flex flex-wrap gap-x-4 text-sm text-quiet">
            {known.type && (
              <a className="underline" href={`/errors/${encodeURIComponent(known.type)}`}>
                {format.named(t("error.page"), "")}
                <code>{known.type}</code>
              </a>
            )}
            {known.requestId && <span>{t("error.request", { id: known.requestId })}</span>}
          </p>
        )}
      </div>
      {onRetry && canPass(error) && (
        <Button size="small" icon={RefreshCw} onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}

function messageOf(error: unknown, t: ReturnType<typeof useText>): string {
  if (error instanceof ApiError) return error.message;
  return error instanceof Error && error.name === "UnreachableError" ? t("error.unreachable") : t("error.title");
}

/** Skeletons come after a moment, so that a fast answer does not flicker. */
const SKELETON_AFTER_MS = 200;

export function Skeleton({ rows = 6 }: { rows?: number }) {
  const t = useText();
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-busy="true" aria-label={t("loading")} className="flex min-h-40 flex-col gap-2">
      {shown && Array.from({ length: rows }, (_, row) => <SkeletonRow key={`row-${row.toString()}`} />)}
    </div>
  );
}

function SkeletonRow() {
  return <div className="h-9 animate-pulse rounded-md bg-quiet-soft" />;
}
