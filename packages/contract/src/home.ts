import Type, { type Static } from "typebox";
import { at, closed, Id, Name, Version } from "#schema-parts";

// How one begins: what ships to begin with, and how far the people of a server have come.

export const TemplateView = Type.Object(
  {
    name: Type.String({ description: "As `millrace init --template` takes it." }),
    workflow: Type.String({ description: "Name of the workflow that it is about." }),
    summary: Type.String(),
    nodeTypes: Type.Array(Type.String(), { description: "Of its nodes, in their order, each once." }),
    calls: Type.Array(Type.String(), { description: "Names of the workflows that come along." }),
    knowledge: Type.Array(Type.String(), { description: "Names of the knowledge bases that come along." }),
  },
  closed,
);
export type TemplateView = Static<typeof TemplateView>;
export const TemplateList = Type.Object({ data: Type.Array(TemplateView) }, closed);
export type TemplateList = Static<typeof TemplateList>;

export const TemplateAnswer = Type.Object({ id: Id, name: Name, version: Version }, closed);
export type TemplateAnswer = Static<typeof TemplateAnswer>;

const Done = (description: string) => Type.Boolean({ description });

export const HomeView = Type.Object(
  {
    readyMs: Type.Optional(Type.Integer({ minimum: 0, description: "From the process's beginning until it took requests." })),
    steps: Type.Object(
      {
        ran: Done("A run succeeded."),
        called: Done("A request with a key came to the run API, whether it became a run or was refused."),
        built: Done("There is a workflow that is no untouched template."),
        connected: Done("There is a connection to a provider of models."),
      },
      closed,
    ),
    example: Type.Optional(
      Type.Object({ id: Id, name: Name }, { ...closed, description: "A workflow of the name that the first template has." }),
    ),
    recent: Type.Array(
      Type.Object(
        {
          id: Id,
          name: Name,
          updatedAt: at("When the draft was last saved"),
          liveVersion: Type.Optional(Version),
          differs: Type.Boolean({ description: "The draft says something else than the live version." }),
        },
        closed,
      ),
      { description: "Workflows whose drafts were saved last, 5 at most of the newest 100." },
    ),
  },
  closed,
);
export type HomeView = Static<typeof HomeView>;
