import { closeSync, linkSync, lstatSync, openSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, layerOn, viewing } from "../diff/layers.ts";
import { WANTED } from "./cites.ts";

export const unixDomainSockets: Check = {
  id: "CD02",
  title: "a unix socket bound in a layer can be connected to; in the layer above it is a socket that nobody serves",
  restsOn: ["special"],
  cites: [`${WANTED}: checkUnixDomainSockets, moby#12080`, "layers.md rule 7: sockets are left out of archives"],
  async run(trial: Trial) {
    const store = await trial.store();
    const model = trial.directoryFor("model");
    trial.equal(await talk(model), ["connected", "ECONNREFUSED"], "in a plain directory");
    const base = await layerOn(store, null, () => {});
    const { id } = await store.prepare({ parent: base.id });
    {
      await using mount = await store.mount(id);
      trial.equal(await talk(mount.path), ["connected", "ECONNREFUSED"], "in the layer");
    }
    const committed = await store.commit(id, { durability: "none" });
    const isSocket = (root: string) => lstatSync(path.join(root, "socket")).isSocket();
    trial.equal(await viewing(store, committed, isSocket), true, "the view of the layer has the socket");
    const above = await store.prepare({ parent: committed.id });
    {
      await using mount = await above.mount();
      trial.equal(isSocket(mount.path), true, "so has the layer above");
      trial.equal(await connect(mount.path), "ECONNREFUSED", "connecting there");
      trial.equal(await serve(mount.path, "another"), "connected", "another one, bound beside it");
    }
    await above.commit({ durability: "none" });
    trial.equal((await exported(store, above)).length % 512, 0, "an archive can be made of such a layer");
  },
};

/** Binds and connects, and once more when the server is gone: the name stays, as a crashed server leaves it. */
async function talk(root: string): Promise<[string, string]> {
  return [await serve(root, "socket"), await connect(root)];
}

async function serve(root: string, name: string): Promise<string> {
  return throughDescriptor(root, async (short) => {
    const server = net.createServer((socket) => socket.end());
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ path: `${short}/bound` }, resolve);
    });
    const answer = await connectTo(`${short}/bound`);
    // node unlinks the name it bound when it closes; a crashed server's stays.
    linkSync(path.join(root, "bound"), path.join(root, name));
    await new Promise((resolve) => server.close(resolve));
    return answer;
  });
}

function connect(root: string): Promise<string> {
  return throughDescriptor(root, (short) => connectTo(`${short}/socket`));
}

function connectTo(name: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect({ path: name }, () => {
      socket.destroy();
      resolve("connected");
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "?"));
  });
}

/** A socket's address has 108 bytes at most, the mount's path may be longer. */
async function throughDescriptor<T>(root: string, use: (short: string) => Promise<T>): Promise<T> {
  const fd = openSync(root, "r");
  try {
    return await use(`/proc/self/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}
