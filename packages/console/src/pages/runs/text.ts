import en from "#pages/runs/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/runs", en);
