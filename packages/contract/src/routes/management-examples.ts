export const ID = "66f0c1a2b3d4e5f60718293a";
export const KEY_ID = "66f0c9d1b3d4e5f607182a01";
export const RUN_ID = "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10";
export const JOB_ID = "66f0d4b5b3d4e5f607182d30";
export const HOOK_ID = "66f0d3a1b3d4e5f607182c20";
export const SCHEDULE_ID = "66f0d2c4b3d4e5f607182b10";
export const SHARE_ID = "66f0d2c4b3d4e5f607182b20";
export const VERSION_HASH = "0b5a1f6e7c2d49388f10a4b6c8d2e3f45566778899aabbccddeeff0011223344";

/** A whole workflow, small enough to read. */
export const DOCUMENT_EXAMPLE = {
  format: "millrace/1",
  name: "greet",
  nodes: [
    { id: "start", type: "start", input: { type: "object", properties: { name: { type: "string" } }, required: ["name"] } },
    { id: "end", type: "end", output: { greeting: "Hello, {{ start.name }}" } },
  ],
  edges: ["start -> end"],
} as const;
export const DELIVERY_ID = "msg_01a0c4506c647b219f0e5d2c8a6b4e10_0";
export const ALERT_ID = "66f0d5b5b3d4e5f607182d44";
export const ALERT_EVENT_ID = "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e77";
