import { acceptInvitation } from "#api/session.ts";
import { currentToken } from "#app/address-token.ts";
import { Frame } from "#pages/sign-in/frame.tsx";
import { NewMemberForm } from "#pages/sign-in/new-member.tsx";
import { useText } from "#pages/sign-in/text.ts";

/** Accepts an invitation. */
export default function JoinPage() {
  const t = useText();
  const title = t("join.title");
  if (currentToken() === null) return <Frame title={title}>{t("join.none")}</Frame>;
  return (
    <Frame title={title} lead={t("join.lead")}>
      <NewMemberForm submit={title} send={acceptInvitation} />
    </Frame>
  );
}
