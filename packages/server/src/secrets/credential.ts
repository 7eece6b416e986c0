import { type Credential, modelProvider } from "@millrace/contract";
import type { GuardedRequest } from "#egress/egress";

type Bound = NonNullable<GuardedRequest["credential"]>;

/** As it goes out: a key has become what its provider takes. */
export type SentCredential = Exclude<Credential, { readonly type: "key" }>;

export function sentCredential(credential: Credential, provider: string): SentCredential {
  if (credential.type !== "key") return credential;
  return { ...(modelProvider(provider)?.key ?? { type: "bearer" }), value: credential.value };
}

/** What the egress adds to a request, for the hosts that the credential is bound to. */
export function boundTo(hosts: readonly string[], credential: SentCredential): Bound {
  switch (credential.type) {
    case "bearer":
      return { hosts, headers: [["Authorization", `Bearer ${credential.value}`]] };
    case "basic": {
      const pair = Buffer.from(`${credential.username}:${credential.value}`, "utf8").toString("base64");
      return { hosts, headers: [["Authorization", `Basic ${pair}`]] };
    }
    case "header":
      return { hosts, headers: [[credential.name, credential.value]] };
    case "query":
      return { hosts, query: [[credential.name, credential.value]] };
    default:
      return credential satisfies never;
  }
}

/** What may be shown of it. */
export function shownCredential(credential: SentCredential) {
  const { value: _, ...shown } = credential;
  return shown;
}
