import { AT_FDCWD, holdsText, Stat, tryLstatAt } from "@copyup/linux";
import { type Layout, layerDirectory, recordOf } from "../layout.ts";
import type { LayerRecord } from "../record/layer-record.ts";
import { parseLayerRecord } from "../record/parse-layer-record.ts";
import { readText } from "../record/read-text.ts";
import type { RecordSource } from "./list-records.ts";

interface Cached {
  readonly record: LayerRecord;
  readonly version: string;
  readonly text: string;
}

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
    if (cached && cached.version === this.#version(id)) return cached.record;
    return this.readAgain(id);
  }

  /** Past the cache: before a record is changed. The same text says the same. */
  readAgain(id: string): LayerRecord | null {
    const file = recordOf(layerDirectory(this.layout, id));
    const cached = this.#records.get(id);
    if (cached && holdsText(file, cached.text)) return cached.record;
    // The version first: if the file is replaced in between, the next read sees another version and reads again.
    const version = this.#version(id);
    const text = version === null ? null : readText(file);
    if (version === null || text === null) {
      this.#records.delete(id);
      return null;
    }
    const record = parseLayerRecord(text, id, file);
    this.#records.set(id, { record, version, text });
    return record;
  }

  forget(id: string): void {
    this.#records.delete(id);
  }

  #version(id: string): string | null {
    const stat = tryLstatAt(AT_FDCWD, recordOf(layerDirectory(this.layout, id)), this.#stat);
    return stat && `${stat.key}:${stat.ctimeSec}:${stat.ctimeNsec}`;
  }
}
