/** The user's other servers: the profiles of the settings file beside the one that this window's settings speak of. */

import type { ListModelsParams, ListModelsResult, Model } from "./protocol";
import { Method } from "./protocol";
import type { Server } from "./server";

/** Where the choice of another server is kept: it holds in the windows to come. */
export const CHOSEN = "litellm.otherServer";

/** The choice of a model at another server. */
export interface Chosen {
  profile: string;
  model: string;
}

/** A server with its models. */
export interface OtherServer {
  profile: string;
  /** Where it is, for people. */
  place: string;
  models: Model[];
  /** How many are not in the usual list. */
  hiddenCount: number;
}

type Listed = Pick<ListModelsResult, "models" | "hiddenCount">;

/** How long the lists of servers that are not in use are waited for, in milliseconds. */
const PATIENCE = 2_000;

/** What is known of a server that does not answer. What is wrong with it is told by its status. */
const NOTHING = { models: [], hiddenCount: 0 };

/** The models of the servers beside `than`, as far as they answer soon; `late` is told of one that has them only later. */
export async function otherServers(
  server: Server,
  than: string | undefined,
  late: () => void,
  how: ListModelsParams = {},
): Promise<OtherServer[]> {
  const { profiles } = await server.request(Method.listProfiles, {});
  const others = profiles.filter(
    ({ name, persisted, baseUrl }) => name !== than && (persisted || name === server.main) && baseUrl !== undefined,
  );
  const lists = others.map(async ({ name, baseUrl = "" }) => {
    let isLate = false;
    const list: Promise<Listed> = server
      .request(Method.listModels, { ...how, profile: name, order: "picker" })
      .catch(() => NOTHING);
    // Who comes too late is asked for again, and has its list at hand by then.
    void list.then(({ models }) => isLate && models.length > 0 && late());
    const soon = new Promise<Listed>((resolve) => setTimeout(() => resolve(NOTHING), PATIENCE));
    const { models, hiddenCount } = await Promise.race([list, soon.then((none) => ((isLate = true), none))]);
    return { profile: name, place: baseUrl.replace(/^https?:\/\//, ""), models, hiddenCount };
  });
  return (await Promise.all(lists)).filter(({ models }) => models.length > 0);
}
