import { DATABASE_PROVIDERS, DatabaseSettings, databaseProvider, nearestName } from "@millrace/contract";
import type { SentCredential } from "#secrets/credential";
import { invalid } from "#secrets/secrets";
import { checkSettings } from "#secrets/settings";

interface GivenConnection {
  readonly provider: string;
  /** null: none, or the one that is stored. */
  readonly credential: SentCredential | null;
  readonly hosts: readonly string[] | undefined;
  readonly settings: object;
}

/** RequestError `invalid_request` that names what a database needs and does not get. Connections of other kinds are as they are. */
export function checkDatabaseConnection({ provider, credential, hosts, settings }: GivenConnection): void {
  const database = databaseProvider(provider);
  if (!database) {
    const meant = nearestName(provider, Object.keys(DATABASE_PROVIDERS));
    if (meant !== null) throw invalid("/provider", `provider: there is no provider ${provider}; did you mean ${meant}?`);
    return;
  }
  checkSettings(DatabaseSettings, settings);
  if (hosts !== undefined && database.port !== null)
    throw invalid("/hosts", "hosts: a database has one, which its base URL names; leave hosts out");
  if (credential && database.port === null) throw invalid("/credential", "credential: a SQLite file has none");
  if (credential && credential.type !== "basic")
    throw invalid("/credential/type", 'credential: a database takes { "type": "basic", "username": …, "value": … }');
}
