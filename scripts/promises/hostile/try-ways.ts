import { Tally } from "../frame/check.ts";
import type { Millrace } from "../harness/millrace.ts";
import { eachAtOnce } from "../harness/runs.ts";
import { type Around, WAYS_OUT } from "./ways-out.ts";

const AT_ONCE = 4;
const STATUSES = [301, 302, 303, 307, 308] as const;

export interface Targets {
  readonly all: readonly string[];
  /** Those that an answer can lead to: as an address of their own, in a header. */
  readonly named: readonly string[];
  /** A way is led to one in so many of these; all ways together to each. */
  readonly oneIn: number;
}

export interface Tried {
  readonly addresses: Tally;
  readonly redirects: Tally;
  /** Once at what is allowed: a way that never sends would prove nothing. */
  readonly allowed: Tally;
}

/** Every way out but http nodes and webhooks, told to go to these targets, and led there by what is allowed. */
export async function tryWays(server: Millrace, targets: Targets, around: Around, visits: () => number): Promise<Tried> {
  const tried = { addresses: new Tally(), redirects: new Tally(), allowed: new Tally() };
  const opened = [];
  for (const way of WAYS_OUT) {
    const reach = await way.open(server, around);
    const before = visits();
    await reach(`${around.allowed}/`, "address");
    tried.allowed.add(visits() > before ? null : `${way.name}: nobody came to the target that is allowed`);
    opened.push({ ...way, reach });
  }
  await eachAtOnce(opened, AT_ONCE, async ({ name, isRedirected, reach }, nth) => {
    const told = (url: string, fault: string | null) => (fault === null ? null : `${name} ${JSON.stringify(url)}: ${fault}`);
    for (const url of targets.all) tried.addresses.add(told(url, await reach(url, "address")));
    for (const [n, url] of targets.named.entries()) {
      if (!isRedirected || n % targets.oneIn !== nth % targets.oneIn) continue;
      const redirect = `${around.allowed}/redirect/${STATUSES[n % STATUSES.length]}/${encodeURIComponent(url)}/`;
      tried.redirects.add(told(url, await reach(redirect, "redirect")));
    }
  });
  return tried;
}
