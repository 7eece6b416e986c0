import en from "#pages/editor/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/editor", en);
