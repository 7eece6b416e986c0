import en from "#pages/reference/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/reference", en);
