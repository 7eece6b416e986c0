import en from "#pages/home/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/home", en);
