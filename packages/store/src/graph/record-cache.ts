import { AT_FDCWD, holdsText, Stat, tryLstatAt } from "@copyup/linux";
import { type Layout, layerDirectory, recordOf } from "../layout.ts";
import type { LayerRecord } from "../record/layer-record.ts";
import { parseLayerRecord } from "../record/parse-layer-record.ts";
import { readText } from "../record/read-text.ts";
import type { RecordSource } from "./list-records.ts";

interface Cached {
  readonly record: LayerRecord;
  readonly file: string;
  readonly version: Version;
  readonly text: string;
}

type Version = Pick<Stat, "devMajor" | "devMinor" | "inoHigh" | "inoLow" | "ctimeSec" | "ctimeNsec">;

/**
 * The layer.json files read so far. A record is replaced by rename, never written in place, so inode and ctime tell its
 * version: asking for them costs a fifth of reading it. Nothing is kept on disk: the graph is the records alone.
 */
export class RecordCache implements RecordSource {
  readonly layout: Layout;
  readonly #records = new Map<string, Cached>();
  readonly #stat = new Stat();

  constructor(layout: Layout) {
    this.layout = layout;
  }

  read(id: string): LayerRecord | null {
    const cached = this.#records.get(id);
    if (cached === undefined) return this.readAgain(id);
    // Compared as numbers: of a chain of 500 layers each is asked for whenever a layer is built on it.
    const now = this.#version(cached.file);
    return now !== null && isSame(cached.version, now) ? cached.record : this.readAgain(id);
  }

  /** Past the cache: before a record is changed. The same text says the same. */
  readAgain(id: string): LayerRecord | null {
    const file = recordOf(layerDirectory(this.layout, id));
    const cached = this.#records.get(id);
    if (cached && holdsText(file, cached.text)) return cached.record;
    // The version first: if the file is replaced in between, the next read sees another version and reads again.
    const now = this.#version(file);
    const version = now && versionOf(now);
    const text = version === null ? null : readText(file);
    if (version === null || text === null) {
      this.#records.delete(id);
      return null;
    }
    const record = parseLayerRecord(text, id, file);
    this.#records.set(id, { record, file, version, text });
    return record;
  }

  forget(id: string): void {
    this.#records.delete(id);
  }

  /** Good until the next call. */
  #version(file: string): Version | null {
    return tryLstatAt(AT_FDCWD, file, this.#stat);
  }
}

function versionOf({ devMajor, devMinor, inoHigh, inoLow, ctimeSec, ctimeNsec }: Version): Version {
  return { devMajor, devMinor, inoHigh, inoLow, ctimeSec, ctimeNsec };
}

function isSame(a: Version, b: Version): boolean {
  return (
    a.ctimeNsec === b.ctimeNsec &&
    a.ctimeSec === b.ctimeSec &&
    a.inoLow === b.inoLow &&
    a.inoHigh === b.inoHigh &&
    a.devMinor === b.devMinor &&
    a.devMajor === b.devMajor
  );
}
