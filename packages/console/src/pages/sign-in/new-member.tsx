import type { Whoami } from "@millrace/contract";
import { useState } from "react";
import type { NewMember } from "#api/session.ts";
import { currentToken } from "#app/address-token.ts";
import { useEnter } from "#pages/sign-in/enter.ts";
import { EntryForm, type Line } from "#pages/sign-in/form.tsx";
import { useText } from "#pages/sign-in/text.ts";

/** The server's own limit, LIMITS.passwordCharacters; it judges, this only says so. */
const PASSWORD_CHARACTERS = 12;

interface NewMemberProps {
  readonly submit: string;
  readonly withEmail?: boolean;
  readonly send: (member: NewMember) => Promise<Whoami>;
}

/** A person's name and password, sent with the token that the address carried. */
export function NewMemberForm({ submit, withEmail = false, send }: NewMemberProps) {
  const t = useText();
  const enter = useEnter();
  const [token] = useState(() => currentToken() ?? "");
  const email: Line = { name: "email", label: t("email"), type: "email", autoComplete: "username" };
  const lines: readonly Line[] = [
    ...(withEmail ? [email] : []),
    { name: "name", label: t("name"), autoComplete: "name", hint: t("name.hint"), optional: true },
    {
      name: "password",
      label: t("password"),
      type: "password",
      autoComplete: "new-password",
      hint: t("password.least", { count: PASSWORD_CHARACTERS }),
      check: (value) => ([...value].length < PASSWORD_CHARACTERS ? t("password.least", { count: PASSWORD_CHARACTERS }) : null),
    },
  ];
  return (
    <EntryForm
      focus
      submit={submit}
      lines={lines}
      send={async ({ name = "", password = "", ...rest }) => enter(await send({ token, password, ...rest, ...(name !== "" && { name }) }))}
    />
  );
}
