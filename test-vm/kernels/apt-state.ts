import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * An apt of our own beside the machine's: other suites, its own lists and cache, nothing installed. The mirror and the keys
 * are the machine's, so that it works behind whatever mirror this machine was given, and apt checks every signature and sum.
 */
export class AptState {
  readonly #directory: string;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(directory: string, suites: readonly string[]) {
    this.#directory = directory;
    for (const part of ["lists/partial", "cache/archives/partial", "sources", "state"])
      mkdirSync(path.join(directory, part), { recursive: true });
    const configuration = path.join(directory, "apt.conf");
    writeFileSync(
      configuration,
      [
        `Dir::State "${directory}/state";`,
        `Dir::State::lists "${directory}/lists";`,
        'Dir::State::status "/dev/null";',
        `Dir::Cache "${directory}/cache";`,
        'Dir::Etc::sourcelist "/dev/null";',
        `Dir::Etc::sourceparts "${directory}/sources";`,
        'APT::Get::List-Cleanup "false";',
        'Acquire::Languages "none";',
        // A mirror that does not answer is told, and not waited for.
        'Acquire::http::Timeout "20";',
        'Acquire::https::Timeout "20";',
        'Acquire::Retries "2";',
        // A mirror of a day gone by (a snapshot, one without a network) is as good: what it signed is still checked.
        'Acquire::Check-Valid-Until "false";',
        // Where apt-get runs as root it would fetch as _apt, who may not write here.
        'APT::Sandbox::User "root";',
        "",
      ].join("\n"),
    );
    for (const suite of suites)
      writeFileSync(path.join(directory, "sources", `${suite}.sources`), source(suite, machineMirror(suite)));
    this.#environment = { ...process.env, APT_CONFIG: configuration, LC_ALL: "C" };
  }

  /** Fetches the package lists. A suite that no longer answers is left out, with what apt said. */
  update(): string {
    return this.#run("apt-get", ["update", "-qq"], this.#directory);
  }

  /** The record of a package in a suite (`apt-cache show NAME/SUITE` picks no suite, hence the policy's version). */
  show(name: string, version: string | null): Readonly<Record<string, string>> | null {
    let text: string;
    try {
      text = this.#run("apt-cache", ["show", version === null ? name : `${name}=${version}`], this.#directory);
    } catch {
      return null;
    }
    const record: Record<string, string> = {};
    for (const [, key = "", value = ""] of (text.split("\n\n")[0] ?? "").matchAll(/^([A-Za-z-]+): (.*)$/gm))
      record[key] = value;
    return record.Package === undefined ? null : record;
  }

  /** The versions that a suite has of a package, newest first. */
  versions(name: string, suite: string): string[] {
    const text = this.#run("apt-cache", ["madison", name], this.#directory);
    return text
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()))
      .filter(([, , from = ""]) => from.includes(` ${suite}/`))
      .map(([, version = ""]) => version);
  }

  /** Downloads `name=version` and gives the .deb's path. apt compares its sum with the signed lists. */
  download(name: string, version: string): string {
    const into = path.join(this.#directory, "debs");
    mkdirSync(into, { recursive: true });
    const found = () => readdirSync(into).find((file) => file.startsWith(`${name}_${version.replaceAll(":", "%3a")}_`));
    if (found() === undefined) this.#run("apt-get", ["download", "-qq", `${name}=${version}`], into);
    const file = found();
    if (file === undefined) throw new Error(`apt-get download ${name}=${version} left no file in ${into}`);
    return path.join(into, file);
  }

  #run(command: string, args: readonly string[], cwd: string): string {
    try {
      return execFileSync(command, args, {
        ...{ cwd, env: this.#environment, encoding: "utf8", stdio: "pipe", timeout: LIMIT_MS },
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ETIMEDOUT")
        throw new Error(`${command} ${args.join(" ")}: no end after ${LIMIT_MS / 60_000} minutes`);
      const said = (error as { stderr?: string }).stderr?.trim();
      throw new Error(`${command} ${args.join(" ")}: ${said || (error as Error).message}`);
    }
  }
}

/** A kernel has 30 to 150 MB. */
const LIMIT_MS = 5 * 60_000;

function source(suite: string, { uri, keys }: { uri: string; keys: string }): string {
  return `Types: deb\nURIs: ${uri}\nSuites: ${suite}\nComponents: main\nSigned-By: ${keys}\n`;
}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Where this machine fetches Debian from: the first source whose suites are Debian's own. */
function machineMirror(suite: string): { uri: string; keys: string } {
  const security = suite.endsWith("-security");
  const wanted = security ? /-security$/ : /^(bullseye|bookworm|trixie|forky|sid|stable|testing|unstable)$/;
  for (const { uri, suites } of machineSources())
    if (suites.some((one) => wanted.test(one))) return { uri, keys: KEYRING };
  throw new Error(
    `no Debian ${security ? "security " : ""}source in /etc/apt: kernels come from this machine's own mirror`,
  );
}

function machineSources(): { uri: string; suites: string[] }[] {
  const files = ["/etc/apt/sources.list", ...listed("/etc/apt/sources.list.d")].filter((file) => existsSync(file));
  return files.flatMap((file) => {
    const text = readFileSync(file, "utf8").replaceAll(/^#.*\n/gm, "");
    if (file.endsWith(".sources"))
      return text.split(/\n\s*\n/).flatMap((stanza) => {
        const uri = /^URIs:\s*(\S+)/m.exec(stanza)?.[1];
        const suites = /^Suites:\s*(.+)$/m.exec(stanza)?.[1]?.split(/\s+/);
        return uri && suites ? [{ uri, suites }] : [];
      });
    return [...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/gm)].map(([, uri = "", suite = ""]) => ({
      uri,
      suites: [suite],
    }));
  });
}

function listed(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).map((name) => path.join(directory, name)) : [];
}
