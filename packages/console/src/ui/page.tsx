import { Link } from "@tanstack/react-router";
import { Compass, type LucideIcon } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { ApiError } from "#api/client.ts";
import { buttonClass } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { useText } from "#ui/text.ts";

interface PageProps {
  /** Its heading, and the first part of the document's title. */
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Tables and timelines take the whole width; what is read does without it. Both begin at the same edge. */
  readonly wide?: boolean;
}

export function Page({ title, lead, actions, children, wide = false }: PageProps) {
  useTitle(title);
  return (
    <div className={classes("flex w-full flex-col gap-5 px-4 py-5 sm:px-6", wide ? "max-w-none" : "max-w-6xl")}>
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 grow basis-80">
          <h1 className="text-2xl leading-tight font-semibold [overflow-wrap:anywhere]">{title}</h1>
          {lead && <p className="mt-1 text-quiet">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** In the place of a page of which nothing is there to show: it is on its way, or was refused. */
export function NotYet({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return <div className="px-4 py-5 sm:px-6">{error ? <Refused error={error} onRetry={onRetry} /> : <Skeleton />}</div>;
}

/** What an address names is not there, or no longer: nothing went wrong, and there is a way on. All else is an error. */
export function Refused({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useText();
  if (!(error instanceof ApiError) || error.status !== 404) return <ErrorNotice error={error} onRetry={onRetry} />;
  return (
    <Empty icon={Compass} title={error.message}>
      <Link to="/" className={buttonClass("primary")}>
        {t("closed.home")}
      </Link>
    </Empty>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "Millrace" : `${title} · Millrace`;
  }, [title]);
}

export function Card({
  title,
  actions,
  children,
  className,
}: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={classes("rounded-lg border border-line bg-surface", className)}>
      {(title || actions) && (
        <header className="flex min-h-12 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
          <h2 className="font-semibold">{title}</h2>
          {actions}
        </header>
      )}
      <div className="p-4">{children}</div>
    </section>
  );
}

/** One sentence, one action, where it fits a command. */
export function Empty({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed border-line px-6 py-12 text-center">
      <Icon size={28} aria-hidden="true" className="text-quiet" />
      <p className="max-w-prose">{title}</p>
      {children}
    </div>
  );
}
