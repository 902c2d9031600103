import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Kernel } from "../kernels/kernel.ts";

export interface BootOptions {
  readonly kernel: Kernel;
  readonly initramfs: string;
  readonly rootImage: string;
  /** Serial → image file. Changes are thrown away. */
  readonly disks: Readonly<Record<string, string>>;
  /** A directory of ours: `console` and `result` are written there. */
  readonly directory: string;
  readonly memoryMegabytes: number;
  readonly cpus: number;
  /** Whole run, seconds. */
  readonly limitSeconds: number;
  /** No growth of console or result for that long: it hangs, seconds. */
  readonly silenceSeconds: number;
  readonly signal?: AbortSignal | undefined;
  /** A line of the result port, as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface BootOutcome {
  readonly kind: "ended" | "panic" | "hang" | "timeout" | "died";
  /** Of the job, where the guest said it. */
  readonly status: number | null;
  readonly consoleTail: string;
  readonly seconds: number;
}

const END = /^\{"type":"end","status":(\d+)\}$/;

/** Boots a kernel in QEMU with software emulation and waits until it powers off, panics, hangs or runs out of time. */
export async function boot(options: BootOptions): Promise<BootOutcome> {
  const started = performance.now();
  const console = path.join(options.directory, "console");
  const result = path.join(options.directory, "result");
  for (const file of [console, result]) writeFileSync(file, "");
  const log = openSync(path.join(options.directory, "qemu.log"), "w");
  const qemu = spawn("qemu-system-x86_64", qemuArguments(options, console, result), {
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve, reject) => {
    qemu.once("error", reject);
    qemu.once("exit", () => resolve());
  });
  const stop = () => qemu.kill("SIGKILL");
  options.signal?.addEventListener("abort", stop, { once: true });
  let stopped: "hang" | "timeout" | null = null;
  let read = 0;
  let status: number | null = null;
  const take = () => {
    const text = readFileSync(result, "utf8");
    const upTo = text.lastIndexOf("\n") + 1;
    for (const line of text.slice(read, upTo).split("\n").filter(Boolean)) {
      const end = END.exec(line);
      if (end) status = Number(end[1]);
      else options.onLine?.(line);
    }
    read = upTo;
  };
  let grownAt = performance.now();
  let size = 0;
  const watch = setInterval(() => {
    take();
    const now = performance.now();
    const bytes = statSync(console).size + statSync(result).size;
    if (bytes !== size) grownAt = now;
    size = bytes;
    if (now - grownAt > options.silenceSeconds * 1000) stopped = "hang";
    else if (now - started > options.limitSeconds * 1000) stopped = "timeout";
    if (stopped !== null) stop();
  }, 250);
  try {
    await ended;
  } finally {
    clearInterval(watch);
    options.signal?.removeEventListener("abort", stop);
  }
  options.signal?.throwIfAborted();
  take();
  const text = readFileSync(console, "latin1");
  const panicked = /Kernel panic|PANIC: double fault/.test(text);
  return {
    kind: stopped ?? (status !== null ? "ended" : panicked ? "panic" : "died"),
    status,
    consoleTail: `${tail(readFileSync(path.join(options.directory, "qemu.log"), "latin1"), 5)}${tail(text, 40)}`,
    seconds: (performance.now() - started) / 1000,
  };
}

function tail(text: string, lines: number): string {
  return text.split("\n").slice(-lines).join("\n");
}

function qemuArguments(options: BootOptions, console: string, result: string): string[] {
  const drive = (serial: string, file: string, flags: string) => [
    ...["-drive", `if=none,id=${serial},file=${file.replaceAll(",", ",,")},format=raw,cache=unsafe,${flags}`],
    ...["-device", `virtio-blk-pci,drive=${serial},serial=${serial}`],
  ];
  return [
    ..."-nodefaults -no-user-config -display none -no-reboot".split(" "),
    ...["-accel", "tcg,thread=multi,tb-size=512", "-M", "q35"],
    // cmpxchg16b is emulated wrongly by QEMU 7.2 (random double faults in SLUB), so the guest must not have it.
    ...["-cpu", "qemu64,cx16=off", "-smp", String(options.cpus), "-m", String(options.memoryMegabytes)],
    ...["-kernel", options.kernel.image, "-initrd", options.initramfs],
    ...["-append", "console=ttyS0 panic=-1 mitigations=off quiet loglevel=4 nokaslr"],
    ...["-serial", `file:${console}`],
    ...drive("root", options.rootImage, "readonly=on"),
    ...Object.entries(options.disks).flatMap(([serial, file]) => drive(serial, file, "snapshot=on")),
    ...["-device", "virtio-serial-pci", "-chardev", `file,id=result,path=${result}`],
    ...["-device", "virtserialport,chardev=result,name=result"],
    ...["-device", "virtio-rng-pci"],
  ];
}
