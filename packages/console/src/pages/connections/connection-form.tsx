import type { ConnectionView, PutConnectionBody } from "@millrace/contract";
import { useState } from "react";
import { putConnection } from "#api/connections.ts";
import { useAction } from "#app/use-action.ts";
import { type CredentialType, credentialTypes, GROUPS, PROVIDERS, type Provider } from "#pages/connections/providers.ts";
import { useText } from "#pages/connections/text.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, Select, TextInput } from "#ui/field.tsx";

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A kind of credential; or that of a connection that is there, which nobody can read, as it is. */
type Choice = CredentialType | "none" | "keep";

interface Draft {
  readonly name: string;
  readonly provider: string;
  readonly baseUrl: string;
  readonly credential: Choice;
  readonly header: string;
  readonly username: string;
  readonly value: string;
}

interface ConnectionFormProps {
  /** null: a new one. */
  readonly connection: ConnectionView | null;
  readonly onClose: () => void;
}

export function ConnectionForm({ connection, onClose }: ConnectionFormProps) {
  const t = useText();
  const [draft, setDraft] = useState<Draft>(() => draftOf(connection));
  const [tried, setTried] = useState(false);
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const provider = providerOf(draft.provider);
  const faults = faultsOf(draft, provider);
  const save = useAction({
    run: putConnection,
    done: (_, { name }) => t("form.saved", { name }),
    changes: [["connections"], ["models"]],
    onDone: onClose,
  });
  const submit = () => {
    setTried(true);
    if (faults.size === 0) save.mutate({ name: draft.name, ...bodyOf(draft, connection) });
  };
  const error = (fault: Fault, text: string) => (tried && faults.has(fault) ? text : null);
  return (
    <Dialog
      place="side"
      open
      onClose={onClose}
      title={connection ? t("form.change", { name: connection.name }) : t("form.new")}
      actions={
        <Button kind="primary" disabled={save.isPending} onClick={submit}>
          {t("form.save")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("form.provider")}>
          {(control) => (
            <Select
              {...control}
              value={draft.provider}
              onChange={({ target: { value } }) => change({ provider: value, credential: credentialTypes(providerOf(value))[0] ?? "none" })}
            >
              {GROUPS.map((group) => (
                <optgroup key={group} label={t(`provider.${group}`)}>
                  {PROVIDERS.filter((one) => one.group === group).map(({ name, title }) => (
                    <option key={name} value={name}>
                      {title}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("form.name")} hint={t("form.name.hint")} error={error("name", t("form.name.bad"))} required>
          {(control) => (
            <TextInput
              {...control}
              disabled={connection !== null}
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <Field
          label={t("form.url")}
          hint={provider.baseUrl === null ? null : t("form.url.hint", { url: provider.baseUrl })}
          error={error("url", t("form.url.needed"))}
          required={provider.baseUrl === null}
        >
          {(control) => (
            <TextInput
              {...control}
              inputMode="url"
              placeholder={provider.placeholder}
              value={draft.baseUrl}
              onChange={(event) => change({ baseUrl: event.target.value })}
            />
          )}
        </Field>
        <CredentialFields
          draft={draft}
          change={change}
          choices={[...(connection?.credential ? (["keep"] as const) : []), ...credentialTypes(provider), "none"]}
          error={error("value", t("form.value.needed"))}
        />
      </div>
    </Dialog>
  );
}

interface CredentialFieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly choices: readonly Choice[];
  readonly error: string | null;
}

function CredentialFields({ draft, change, choices, error }: CredentialFieldsProps) {
  const t = useText();
  const { credential } = draft;
  const hasValue = credential !== "none" && credential !== "keep";
  return (
    <>
      <Field label={t("form.credential")}>
        {(control) => (
          <Select
            {...control}
            value={credential}
            onChange={({ target: { value } }) => change({ credential: choices.find((one) => one === value) ?? "none" })}
          >
            {choices.map((one) => (
              <option key={one} value={one}>
                {t(`credential.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {(credential === "header" || credential === "query") && (
        <Field label={t("form.header")} required>
          {(control) => <TextInput {...control} value={draft.header} onChange={(event) => change({ header: event.target.value })} />}
        </Field>
      )}
      {credential === "basic" && (
        <Field label={t("form.username")}>
          {(control) => <TextInput {...control} value={draft.username} onChange={(event) => change({ username: event.target.value })} />}
        </Field>
      )}
      {hasValue && (
        <Field label={t("form.value")} hint={t("form.value.hint")} error={error} required>
          {(control) => (
            <TextInput
              {...control}
              type="password"
              autoComplete="new-password"
              value={draft.value}
              onChange={(event) => change({ value: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}

function draftOf(connection: ConnectionView | null): Draft {
  const first = PROVIDERS[0]?.name ?? "http";
  const provider = connection?.provider ?? first;
  return {
    name: connection?.name ?? "",
    provider,
    baseUrl: connection?.baseUrl ?? "",
    credential: connection === null ? (credentialTypes(providerOf(provider))[0] ?? "none") : connection.credential ? "keep" : "none",
    header: "",
    username: "",
    value: "",
  };
}

/** A provider that this console does not know is a service like any other. */
function providerOf(name: string): Provider {
  const known = PROVIDERS.find((one) => one.name === name);
  return known ?? { name, title: name, group: "others", baseUrl: null, placeholder: "https://api.example.com" };
}

type Fault = "name" | "url" | "value";

function faultsOf({ name, baseUrl, credential, value }: Draft, provider: Provider): ReadonlySet<Fault> {
  const faults = new Set<Fault>();
  if (!NAME.test(name)) faults.add("name");
  if (baseUrl === "" && provider.baseUrl === null) faults.add("url");
  if (credential !== "none" && credential !== "keep" && value === "") faults.add("value");
  return faults;
}

function bodyOf(draft: Draft, connection: ConnectionView | null): PutConnectionBody {
  return {
    provider: draft.provider,
    ...(draft.baseUrl !== "" && { baseUrl: draft.baseUrl }),
    ...(draft.credential !== "keep" && { credential: credentialOf(draft) }),
    ...(connection !== null && { settings: connection.settings }),
  };
}

function credentialOf({ credential, header: name, username, value }: Draft): NonNullable<PutConnectionBody["credential"]> | null {
  switch (credential) {
    case "key":
    case "bearer":
      return { type: credential, value };
    case "basic":
      return { type: credential, username, value };
    case "header":
    case "query":
      return { type: credential, name, value };
    case "none":
    case "keep":
      return null;
  }
}
