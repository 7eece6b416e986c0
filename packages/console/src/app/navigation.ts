import type { Permission } from "@millrace/contract";
import {
  Activity,
  Bell,
  BookOpen,
  ChartColumn,
  CircleCheckBig,
  CircleUser,
  House,
  KeyRound,
  type LucideIcon,
  Plug,
  ServerCog,
  Users,
  Webhook,
  Workflow,
} from "lucide-react";
import type en from "#app/messages/en.ts";
import { useMay } from "#ui/permission.tsx";

interface Place {
  readonly to: string;
  readonly name: Extract<keyof typeof en, string>;
  readonly icon: LucideIcon;
  /** In the bar at the foot of a phone; the others are behind "more". */
  readonly bar?: true;
  /** What whoever is signed in must be allowed, to see more there than a refusal. */
  readonly needs?: Permission;
  /** What the page is to all the others; absent: nothing. */
  readonly otherwise?: Pick<Place, "name" | "icon">;
}

const PLACES: readonly Place[] = [
  { to: "/", name: "home", icon: House, bar: true },
  { to: "/workflows", name: "workflows", icon: Workflow },
  { to: "/runs", name: "runs", icon: Activity, bar: true },
  { to: "/approvals", name: "approvals", icon: CircleCheckBig, bar: true },
  { to: "/usage", name: "usage", icon: ChartColumn, bar: true },
  { to: "/keys", name: "keys", icon: KeyRound, needs: "operate" },
  { to: "/webhooks", name: "webhooks", icon: Webhook },
  { to: "/alerts", name: "alerts", icon: Bell },
  { to: "/connections", name: "connections", icon: Plug },
  { to: "/knowledge", name: "knowledge", icon: BookOpen },
  { to: "/members", name: "members", icon: Users, needs: "administer", otherwise: { name: "account", icon: CircleUser } },
  { to: "/system", name: "system", icon: ServerCog },
];

/** The pages that whoever is signed in may see, in the order of the rail. */
export function usePlaces(): readonly Place[] {
  const may = useMay();
  return PLACES.flatMap((place) => {
    if (place.needs === undefined || may(place.needs)) return [place];
    return place.otherwise ? [{ ...place, ...place.otherwise }] : [];
  });
}
