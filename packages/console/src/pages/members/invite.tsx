import type { InviteAnswer } from "@millrace/contract";
import { useState } from "react";
import { invite } from "#api/members.ts";
import { useAction } from "#app/use-action.ts";
import { ROLES, type Role } from "#pages/members/roles.ts";
import { useText } from "#pages/members/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, Select, TextInput } from "#ui/field.tsx";

const EMAIL = /^[^\s@]+@[^\s@]+$/;

export function Invite({ onClose, onInvited }: { onClose: () => void; onInvited: (invitation: InviteAnswer) => void }) {
  const t = useText();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const [tried, setTried] = useState(false);
  const send = useAction({ run: invite, changes: [["invitations"]], onDone: onInvited });
  const submit = () => {
    setTried(true);
    if (EMAIL.test(email)) send.mutate({ email, role });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("invite.title")}
      description={t("invite.text")}
      actions={
        <Button kind="primary" disabled={send.isPending} onClick={submit}>
          {t("invite.action")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("invite.email")} error={tried && !EMAIL.test(email) ? t("invite.bad") : null} required>
          {(control) => <TextInput {...control} type="email" value={email} onChange={(event) => setEmail(event.target.value.trim())} />}
        </Field>
        <Field label={t("invite.role")} hint={t(`role.${role}.hint`)}>
          {(control) => (
            <Select {...control} value={role} onChange={(event) => setRole(event.target.value as Role)}>
              {ROLES.map((one) => (
                <option key={one} value={one}>
                  {t(`role.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </Dialog>
  );
}

export function InviteLink({ invitation: { url, expiresAt }, onClose }: { invitation: InviteAnswer; onClose: () => void }) {
  const t = useText();
  const format = useFormat();
  return (
    <Dialog open onClose={onClose} title={t("link.title")} description={t("link.text", { when: format.time(expiresAt) })}>
      <CodeBlock text={url} label={t("link.title")} />
    </Dialog>
  );
}
