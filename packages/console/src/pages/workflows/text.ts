import en from "#pages/workflows/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/workflows", en);
