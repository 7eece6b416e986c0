import Type from "typebox";

/** What a caller sends for a file parameter; a plain http or https URL as a string is the same as `{ url }`. */
export const FileInputObject = Type.Object(
  {
    format: Type.Optional(
      Type.String({ description: "Extension; needed with base64_content, and with a url whose path has no known one." }),
    ),
    base64_content: Type.Optional(Type.String({ description: "The contents; exactly one of base64_content and url." })),
    url: Type.Optional(Type.String({ description: "Absolute http or https; fetched when a node first needs it." })),
    name: Type.Optional(Type.String({ description: "Shown to nodes; default file.<format>." })),
  },
  { description: "One file." },
);
