import { useQuery } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { Info } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { setupQuery, signIn, signInByKey, signInByLink } from "#api/session.ts";
import { currentToken, dropToken } from "#app/address-token.ts";
import { useEnter } from "#pages/sign-in/enter.ts";
import { EntryForm } from "#pages/sign-in/form.tsx";
import { Frame } from "#pages/sign-in/frame.tsx";
import { useText } from "#pages/sign-in/text.ts";
import { CodeBlock } from "#ui/copy.tsx";
import { ErrorNotice } from "#ui/notice.tsx";

/** Asks for email and password, or an admin key. A link that the address carried signs in by itself. */
export default function SignInPage() {
  const t = useText();
  const { to, ended } = useSearch({ from: "/login" });
  const { data: setup } = useQuery(setupQuery);
  const { failure, busy } = useLink(to);
  const enter = useEnter();
  if (setup?.needed && !busy && failure === null) return <Navigate to="/setup" replace />;
  return (
    <Frame title={t("sign.in")}>
      <div className="flex flex-col gap-4">
        {ended && (
          <p role="status" className="flex gap-2 rounded-md bg-wait-soft p-3 text-sm">
            <Info size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-wait" />
            {t("ended")}
          </p>
        )}
        {failure !== null && <ErrorNotice error={failure} />}
        {busy ? (
          <p role="status" className="text-center text-quiet">
            {t("checking")}
          </p>
        ) : (
          <>
            <EntryForm
              focus
              submit={t("sign.in")}
              lines={[
                { name: "email", label: t("email"), type: "email", autoComplete: "username" },
                { name: "password", label: t("password"), type: "password", autoComplete: "current-password" },
              ]}
              send={async ({ email = "", password = "" }) => enter(await signIn(email, password), to)}
            />
            <KeyForm to={to} />
          </>
        )}
      </div>
    </Frame>
  );
}

/** A link works once, and is used once: also where the page is mounted twice. */
function useLink(to: string | undefined) {
  const enter = useEnter();
  const token = useRef(currentToken());
  const used = useRef(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(token.current !== null);
  useEffect(() => {
    if (token.current === null || used.current) return;
    used.current = true;
    dropToken();
    signInByLink(token.current).then(
      (who) => enter(who, to),
      (error: unknown) => {
        setFailure(error);
        setBusy(false);
      },
    );
  }, [enter, to]);
  return { failure, busy };
}

const KEY = /^mr_[A-Za-z0-9_-]{40}$/;

function KeyForm({ to }: { to: string | undefined }) {
  const t = useText();
  const enter = useEnter();
  return (
    <details className="border-t border-line pt-3">
      <summary className="text-sm text-quiet hover:text-text">{t("by.key")}</summary>
      <div className="mt-3 flex flex-col gap-3">
        <EntryForm
          submit={t("sign.in")}
          lines={[
            {
              name: "key",
              label: t("key"),
              type: "password",
              autoComplete: "off",
              hint: t("key.kept"),
              check: (value) => (KEY.test(value.trim()) ? null : t("key.malformed")),
            },
          ]}
          send={async ({ key = "" }) => enter(await signInByKey(key.trim()), to)}
        />
        <p className="text-sm text-quiet">{t("by.link")}</p>
        <CodeBlock text="millrace open" />
      </div>
    </details>
  );
}
