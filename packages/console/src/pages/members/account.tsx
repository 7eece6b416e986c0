import { LIMITS } from "@millrace/contract";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changePassword, endSession, sessionsQuery } from "#api/members.ts";
import { whoQuery } from "#api/session.ts";
import { useAction } from "#app/use-action.ts";
import { browserName } from "#pages/members/browser-name.ts";
import { useText } from "#pages/members/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { Field, TextInput } from "#ui/field.tsx";
import { Card } from "#ui/page.tsx";

/** Sessions and password of whoever is signed in as a member; the session of a key has neither. */
export function Account() {
  const { data: who } = useQuery(whoQuery);
  if (who?.memberId === undefined) return null;
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
      <Sessions />
      <Password />
    </div>
  );
}

function Sessions() {
  const t = useText();
  const format = useFormat();
  const { data: sessions = [] } = useInfiniteQuery(sessionsQuery);
  const end = useAction({ run: endSession, changes: [["sessions"]] });
  return (
    <Card title={t("sessions")}>
      <ul className="flex flex-col gap-3">
        {sessions.map(({ id, userAgent, lastUsedAt, address, current }) => (
          <li key={id} className="flex items-start justify-between gap-3">
            <div className="min-w-0">
              <p className="truncate" title={userAgent}>
                {userAgent === undefined ? t("session.other") : browserName(userAgent)}
              </p>
              <p className="text-sm text-quiet">{t("session.used", { when: format.relative(lastUsedAt, Date.now()), address })}</p>
            </div>
            {current ? (
              <span className="text-sm whitespace-nowrap text-quiet">{t("session.here")}</span>
            ) : (
              <Button size="small" onClick={() => end.mutate(id)}>
                {t("session.end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Password() {
  const t = useText();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useAction({
    run: changePassword,
    done: () => t("password.done"),
    changes: [["sessions"]],
    onDone: () => {
      setCurrent("");
      setPassword("");
    },
  });
  return (
    <Card title={t("password")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ current, password });
        }}
      >
        <Field label={t("password.current")}>
          {(control) => (
            <TextInput
              {...control}
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("password.new")} hint={t("password.hint", { count: LIMITS.passwordCharacters.value })}>
          {(control) => (
            <TextInput
              {...control}
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button
          type="submit"
          className="self-start"
          disabled={current === "" || password.length < LIMITS.passwordCharacters.value || change.isPending}
        >
          {t("password.action")}
        </Button>
      </form>
    </Card>
  );
}
