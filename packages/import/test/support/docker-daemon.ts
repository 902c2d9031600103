import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { Scratch } from "./scratch.ts";

/** A dockerd of its own, with its containerd: no network, nothing outside the scratch directory. */
export class DockerDaemon {
  readonly scratch: Scratch;
  private readonly driver: string;
  private readonly children: ChildProcess[] = [];

  constructor(scratch: Scratch, driver: string) {
    this.scratch = scratch;
    this.driver = driver;
  }

  get root(): string {
    return this.scratch.at("docker");
  }

  private start(program: string, args: readonly string[]): void {
    const log = openSync(this.scratch.at(`${program}.log`), "a");
    this.children.push(spawn(program, args, { stdio: ["ignore", log, log] }));
  }

  /** Null, or why it does not start here. */
  async up(): Promise<string | null> {
    const at = (name: string) => this.scratch.at(name);
    for (const name of ["cd", "exec"]) mkdirSync(at(name));
    this.start("containerd", ["--root", at("cd/root"), "--state", at("cd/state"), "--address", at("cd/sock")]);
    const places = ["--data-root", this.root, "--exec-root", at("exec"), "-p", at("pid"), "-H", `unix://${at("sock")}`];
    const network = ["--iptables=false", "--ip-masq=false", "--bridge=none"];
    await setTimeout(500);
    this.start("dockerd", ["--storage-driver", this.driver, "--containerd", at("cd/sock"), ...places, ...network]);
    for (let tries = 0; tries < 100; tries++) {
      try {
        this.run(["version"]);
        return null;
      } catch {
        if (this.children[1]!.exitCode !== null) break;
        await setTimeout(300);
      }
    }
    return readFileSync(at("dockerd.log"), "utf8").trimEnd().split("\n").at(-1) ?? "no log";
  }

  run(args: readonly string[], input?: Buffer): string {
    const all = ["-H", `unix://${this.scratch.at("sock")}`, ...args];
    return execFileSync("docker", all, {
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
      maxBuffer: 2 ** 28,
      ...(input ? { input } : {}),
    }).trim();
  }

  /** dockerd first: it ends its containers. */
  async down(): Promise<void> {
    for (const child of this.children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
  }
}
