import { setUp } from "#api/session.ts";
import { currentToken } from "#app/address-token.ts";
import { Frame } from "#pages/sign-in/frame.tsx";
import { NewMemberForm } from "#pages/sign-in/new-member.tsx";
import { useText } from "#pages/sign-in/text.ts";
import { CodeBlock } from "#ui/copy.tsx";

/** Makes the first owner, with the token of the link that the server printed. */
export default function SetupPage() {
  const t = useText();
  const title = t("setup.title");
  if (currentToken() === null) {
    return (
      <Frame title={title}>
        <div className="flex flex-col gap-3">
          <p>{t("setup.none")}</p>
          <CodeBlock text="millrace members create-owner you@example.com" />
        </div>
      </Frame>
    );
  }
  return (
    <Frame title={title} lead={t("setup.lead")}>
      <NewMemberForm withEmail submit={title} send={setUp} />
    </Frame>
  );
}
