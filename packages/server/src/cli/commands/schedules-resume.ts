import { switching } from "#cli/print-schedule";

export const run = switching(true);
