import type { Clock } from "#clock";
import type { Ids } from "#ids";
import { ATTEMPT_LIMITS, AttemptLimiter } from "#members/attempt-limiter";
import { type LinkedKey, LocalSignIn } from "#members/local-sign-in";
import { Members } from "#members/members";
import { OneTimeTokens } from "#members/one-time-tokens";
import { type PasswordCost, Passwords } from "#members/passwords";
import { Sessions } from "#members/sessions";
import type { Store } from "#store/store";

/** How long a link that opens the console works. */
const LINK_LIFE_MS = 3_600_000;

/** Who operates the server: what the routes of sessions and members use. */
export interface Operators {
  readonly members: Members;
  readonly sessions: Sessions;
  /** Links that open the console as the key that asked for them. */
  readonly links: OneTimeTokens<LinkedKey>;
  readonly local: LocalSignIn;
  /** API keys that are none, by address. */
  readonly wrongKeys: AttemptLimiter;
}

export interface OperatorsOptions {
  readonly store: Store;
  readonly ids: Ids;
  readonly clock: Clock;
  /** An independent HMAC key for each purpose. */
  readonly pepper: (purpose: string) => Buffer;
  readonly passwordCost?: PasswordCost;
}

export function createOperators({ store, ids, clock, pepper, passwordCost }: OperatorsOptions): Operators {
  const { now, mono } = clock;
  const passwords = new Passwords(passwordCost);
  const tokens = { ids, now, shared: store.shared };
  return {
    members: new Members({ members: store.members, passwords, ...tokens, pepper: pepper("invitations"), mono }),
    sessions: new Sessions({ members: store.members, keys: store.keys, ids, pepper: pepper("sessions"), now }),
    links: new OneTimeTokens({ purpose: "link", ...tokens }, LINK_LIFE_MS),
    local: new LocalSignIn(),
    wrongKeys: new AttemptLimiter(ATTEMPT_LIMITS.keys, { mono, shared: store.shared }),
  };
}
