// Verifies as a receiver would, with the reference library of the standard, in a process of its own. Argument: JSON of secret, body and headers.

import { Webhook } from "standardwebhooks";

const [secret, body, headers] = JSON.parse(process.argv[2] ?? "[]") as [string, string, Record<string, string>];
new Webhook(secret).verify(body, headers);
