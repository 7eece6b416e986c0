import {
  Activity,
  Bell,
  BookOpen,
  ChartColumn,
  CircleCheckBig,
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

interface Place {
  readonly to: string;
  readonly name: Extract<keyof typeof en, string>;
  readonly icon: LucideIcon;
  /** In the bar at the foot of a phone; the others are behind "more". */
  readonly bar?: true;
}

/** The pages of the rail, in its order. */
export const PLACES: readonly Place[] = [
  { to: "/", name: "home", icon: House, bar: true },
  { to: "/workflows", name: "workflows", icon: Workflow },
  { to: "/runs", name: "runs", icon: Activity, bar: true },
  { to: "/approvals", name: "approvals", icon: CircleCheckBig, bar: true },
  { to: "/usage", name: "usage", icon: ChartColumn, bar: true },
  { to: "/keys", name: "keys", icon: KeyRound },
  { to: "/webhooks", name: "webhooks", icon: Webhook },
  { to: "/alerts", name: "alerts", icon: Bell },
  { to: "/connections", name: "connections", icon: Plug },
  { to: "/knowledge", name: "knowledge", icon: BookOpen },
  { to: "/members", name: "members", icon: Users },
  { to: "/system", name: "system", icon: ServerCog },
];
