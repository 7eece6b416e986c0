import en from "#pages/knowledge/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/knowledge", en);
