import { roleMay } from "@millrace/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { Ellipsis, Keyboard, LogOut, Search as SearchIcon } from "lucide-react";
import { useState } from "react";
import { signOut, whoQuery } from "#api/session.ts";
import { EnginePill } from "#app/engine-pill.tsx";
import { ShortcutSheet } from "#app/keys/sheet.tsx";
import { usePlaces } from "#app/navigation.ts";
import { Search } from "#app/search/search.tsx";
import { useShortcuts } from "#app/shortcuts.ts";
import { useText } from "#app/text.ts";
import { useLive } from "#app/use-live.ts";
import { useFormat } from "#text/format.ts";
import { IconButton } from "#ui/button.tsx";
import { Logo } from "#ui/logo.tsx";
import { LanguageMenu, ThemeMenu } from "#ui/look-menus.tsx";
import { Menu } from "#ui/menu.tsx";
import { type May, MayProvider } from "#ui/permission.tsx";

/** The frame of the pages: a rail at the side, from 1100 px with words, a bar at the foot of a phone. */
export function Shell() {
  const t = useText();
  const { data: who } = useQuery(whoQuery);
  useLive();
  // Of a key without a role the server knows more than the console.
  const may: May = (needs) => who?.role === undefined || roleMay(who.role, needs);
  return (
    <MayProvider value={may}>
      <div className="flex min-h-dvh">
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2"
        >
          {t("skip")}
        </a>
        <Rail />
        <div className="flex min-w-0 grow flex-col">
          <TopBar />
          <main id="main" tabIndex={-1} className="flex min-h-0 grow flex-col pb-16 outline-none sm:pb-0">
            <Outlet />
          </main>
        </div>
        <FootBar />
      </div>
    </MayProvider>
  );
}

const RAIL_LINK =
  "flex items-center gap-2.5 rounded-md px-2.5 py-1.5 text-quiet hover:bg-raised hover:text-text aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent";

function Rail() {
  const t = useText();
  const places = usePlaces();
  return (
    <aside className="sticky top-0 hidden h-dvh w-14 shrink-0 flex-col gap-3 border-e border-line bg-surface px-2 py-3 sm:flex rail:w-52">
      <Link to="/" className="flex items-center gap-2.5 px-1.5 font-semibold" aria-label="Millrace">
        <Logo />
        <span className="hidden text-lg rail:inline">Millrace</span>
      </Link>
      <nav aria-label={t("pages")} className="flex flex-col gap-0.5 overflow-y-auto">
        {places.map(({ to, name, icon: Icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === "/" }} title={t(name)} aria-label={t(name)} className={RAIL_LINK}>
            <Icon size={17} aria-hidden="true" className="shrink-0" />
            <span className="hidden truncate rail:inline">{t(name)}</span>
          </Link>
        ))}
      </nav>
    </aside>
  );
}

function FootBar() {
  const t = useText();
  const navigate = useNavigate();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const link = "flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-xs text-quiet aria-[current]:text-accent";
  const places = usePlaces();
  const rest = places.filter(({ bar }) => !bar);
  const isHere = rest.some(({ to }) => path === to || path.startsWith(`${to}/`));
  return (
    <nav aria-label={t("pages")} className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface sm:hidden">
      {places
        .filter(({ bar }) => bar)
        .map(({ to, name, icon: Icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === "/" }} className={link}>
            <Icon size={20} aria-hidden="true" />
            {t(name)}
          </Link>
        ))}
      <Menu
        trigger={
          <button type="button" aria-current={isHere || undefined} className={link}>
            <Ellipsis size={20} aria-hidden="true" />
            {t("more")}
          </button>
        }
        items={rest.map(({ to, name, icon }) => ({ key: to, label: t(name), icon, onSelect: () => void navigate({ to }) }))}
      />
    </nav>
  );
}

function TopBar() {
  const t = useText();
  const [open, setOpen] = useState<"search" | "keys" | null>(null);
  useShortcuts({ "search.open": () => setOpen("search"), "sheet.open": () => setOpen("keys") });
  return (
    <header className="sticky top-0 z-20 flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-3 sm:px-6">
      <Link to="/" className="sm:hidden" aria-label="Millrace">
        <Logo />
      </Link>
      {/* Pages put their breadcrumb here. */}
      <div id="crumbs" className="min-w-0 grow truncate" />
      <IconButton icon={SearchIcon} label={t("search")} onClick={() => setOpen("search")} />
      <EnginePill />
      <LanguageMenu />
      <ThemeMenu />
      <IconButton icon={Keyboard} label={t("keys.sheet")} className="max-sm:hidden" onClick={() => setOpen("keys")} />
      <Account />
      {open === "search" && <Search onClose={() => setOpen(null)} />}
      {open === "keys" && <ShortcutSheet onClose={() => setOpen(null)} />}
    </header>
  );
}

function Account() {
  const t = useText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const format = useFormat();
  const { data: who } = useQuery(whoQuery);
  if (!who) return null;
  const name = who.name ?? who.email ?? who.keyId ?? "";
  const leave = async () => {
    await signOut();
    queries.clear();
    await navigate({ to: "/login" });
  };
  return <IconButton icon={LogOut} label={format.aside(t("sign.out"), t("signed.in", { name }))} onClick={() => void leave()} />;
}
