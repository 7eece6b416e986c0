import en from "#pages/members/messages/en.ts";
import { textOf } from "#text/text.tsx";

export const useText = textOf("pages/members", en);
