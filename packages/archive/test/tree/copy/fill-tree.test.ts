import { expect, test } from "vitest";
import { fillTree, type Hidden } from "../../../src/tree/index.ts";
import { listTree } from "../support/listing.ts";
import { scratch } from "../support/scratch.ts";

const hiding = (deleted: string[], opaque: string[] = []): Hidden => ({
  hides: (path) => deleted.includes(path),
  opaque: (path) => opaque.includes(path),
});

test("copies what is absent and not hidden, keeps links among it, leaves the target's own alone", async () => {
  await using tmp = scratch();
  tmp.sh(`mkdir -p b/d/sub b/e b/opaque/x t/d t/opaque; cd b
    echo old > d/replaced; echo keep > d/kept; ln d/kept e/link; echo gone > d/gone; echo s > d/sub/s; ln d/gone e/last
    touch opaque/x/y; echo file > becomes; mkdir was; touch was/in; touch -d @5 d e d/sub
    cd ../t; echo new > d/replaced; touch opaque/mine; mkdir becomes; echo f > was; touch -d @6.5 d; chmod 711 d`);
  const { entries } = await fillTree(
    [{ dir: tmp.at("b"), dialect: "tree" }],
    tmp.at("t"),
    hiding(["d/gone"], ["opaque"]),
  );
  const tree = listTree(tmp.at("t"));
  expect(Object.keys(tree).sort()).toEqual(
    [
      ".",
      "becomes",
      "d",
      "d/kept",
      "d/replaced",
      "d/sub",
      "d/sub/s",
      "e",
      "e/last",
      "e/link",
      "opaque",
      "opaque/mine",
      "was",
    ].sort(),
  );
  expect(entries).toBe(6);
  expect(tree["e/link"]).toMatch(/ =d\/kept$/);
  expect(tree["e/last"]).not.toMatch(/=/);
  expect(tree.d).toMatch(/^directory 711 \S+ 6500000000/);
  expect(tree["d/sub"]).toMatch(/^directory 755 \S+ 5000000000/);
  expect(tmp.sh("cat t/d/replaced t/was")).toBe("new\nf\n");
});

test("an opaque root: nothing shows through", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir b t; touch b/f t/g");
  await fillTree([{ dir: tmp.at("b"), dialect: "tree" }], tmp.at("t"), hiding([], [""]));
  expect(Object.keys(listTree(tmp.at("t")))).toEqual([".", "g"]);
});

test("from aufs branches: whiteouts, opaque markers and aufs' own files are no content", async () => {
  await using tmp = scratch();
  tmp.sh(`mkdir -p top/d top/.wh..wh.plnk low/d/deep low/e t; cd top; touch .wh.gone d/.wh..wh..opq d/new .wh..wh.aufs .wh..wh.plnk/1.2
    cd ../low; touch gone kept d/old e/f d/deep/x`);
  await fillTree(
    [
      { dir: tmp.at("top"), dialect: "aufs" },
      { dir: tmp.at("low"), dialect: "aufs" },
    ],
    tmp.at("t"),
    hiding([]),
  );
  expect(Object.keys(listTree(tmp.at("t")))).toEqual([".", "d", "d/new", "e", "e/f", "kept"]);
});

test("directories the user may not write to are filled and keep their modes; set-group-id is not inherited", async () => {
  await using tmp = scratch();
  tmp.sh(
    "mkdir -p b/d/sub t/d; touch b/d/f b/d/sub/g; chmod 555 t/d; mkdir -p b/sg t/sg; touch b/sg/f; mkdir b/sg/sub; chmod 2755 t/sg",
  );
  await fillTree([{ dir: tmp.at("b"), dialect: "tree" }], tmp.at("t"), hiding([]));
  expect(tmp.sh("stat -c '%a %n' t/d t/d/f t/sg t/sg/sub")).toBe("555 t/d\n644 t/d/f\n2755 t/sg\n755 t/sg/sub\n");
});
