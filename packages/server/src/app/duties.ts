import type { Service } from "#app/house";
import type { Store } from "#store/store";

/** Services of which, where several processes share the store, one process at a time has the turn. */
export function dutiesOf(store: Pick<Store, "lead">, services: readonly Service[]): Service {
  let leave = async (): Promise<void> => undefined;
  return {
    start: async () => {
      leave = await store.lead({
        begin: async () => {
          for (const service of services) await service.start();
        },
        end: async () => {
          for (const service of services) await service.close();
        },
      });
    },
    close: () => leave(),
  };
}
