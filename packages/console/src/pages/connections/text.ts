import en from "#pages/connections/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/connections", en);
