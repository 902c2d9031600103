import { expect, it } from "vitest";
import { aclFromText, aclToText, permissionsOfAcl } from "../../src/codec/acl-text.ts";

/** As the kernel gave it for `setfacl -m u:1:rw-,u:1000:r-x,g:5:r--` on a file of mode 0644. */
const KERNEL_ACL = Buffer.from(
  "0200000001000600ffffffff020006000100000002000500e803000004000400ffffffff080004000500000010000700ffffffff20000400ffffffff",
  "hex",
);
const TEXT = "user::rw-,user:1:rw-,user:1000:r-x,group::r--,group:5:r--,mask::rwx,other::r--";

it("makes the kernel's bytes of text, and text of them", () => {
  expect(aclFromText(TEXT, "access")).toEqual(KERNEL_ACL);
  expect(aclToText(KERNEL_ACL)).toBe(TEXT);
});

it.each([
  ["GNU tar's lines", TEXT.replaceAll(",", "\n").concat("\n")],
  ["comments and blanks", `# file: x\n${TEXT.replaceAll(",", " #effective:r--\n ")}`],
  ["any order", TEXT.split(",").reverse().join(",")],
  ["short words", "u::rw-,u:1:rw-,u:1000:r-x,g::r--,g:5:r--,m::rwx,o::r--"],
  ["Solaris' single colons", TEXT.replace("mask::", "mask:").replace("other::", "other:")],
  ["short permissions", TEXT.replaceAll("-", "").replace("user:1:rw", "user:1:wr")],
  [
    "star's and bsdtar's ids",
    "user::rw-,group::r--,other::r--,user:daemon:rw-:1,user:joe:r-x:1000,group:tty:r--:5,mask::rwx",
  ],
])("understands %s", (_, text) => expect(aclFromText(text, "access")).toEqual(KERNEL_ACL));

it("knows root's number, and no other name", () => {
  const withRoot = aclFromText("user::rwx,user:root:r--,group::r-x,mask::rwx,other::---", "access");
  expect(aclToText(withRoot!)).toBe("user::rwx,user:0:r--,group::r-x,mask::rwx,other::---");
  const unknown = () => aclFromText("user::rwx,user:joe:r--,group::r-x,mask::rwx,other::---", "access");
  expect(unknown).toThrow(/user:joe:r--.*without its number/);
});

it("gives nothing for an access ACL that says what the mode says; a default ACL counts", () => {
  expect(aclFromText("user::rw-,group::r--,other::r--", "access")).toBeNull();
  expect(aclFromText("\n", "access")).toBeNull();
  expect(aclFromText("user::rw-,group::r--,other::r--", "default")).toHaveLength(28);
});

it.each([
  "user::rwx,group::r-x",
  "user::rwx,user::r-x,group::r-x,other::r-x",
  "user::rwx,user:1:r-x,group::r-x,other::r-x",
  "user::rwx,user:1:r-x,user:1:rwx,group::r-x,mask::rwx,other::r-x",
  "user::rwx,group::r-x,mask::rwx,mask::r-x,other::r-x",
  "user::rwz,group::r-x,other::r-x",
  "user::,group::r-x,other::r-x",
  "user,group::r-x,other::r-x",
  "owner@:rwx,group::r-x,other::r-x",
  "user::rwx,group::r-x,other::r-x,user:4294967295:r--,mask::r--",
  "user::rwx,group::r-x,other::r-x,user:1:r--:5:6,mask::r--",
])("refuses %s", (text) => expect(() => aclFromText(text, "access")).toThrow(/ACL/));

it.each([
  ["empty", ""],
  ["a header alone", "02000000"],
  ["another version", "0100000001000600ffffffff"],
  ["cut", "0200000001000600ffff"],
  ["out of order", "0200000020000400ffffffff04000400ffffffff01000600ffffffff"],
  ["an unknown tag", "0200000001000600ffffffff04000400ffffffff20000400ffffffff40000400ffffffff"],
])("has no text for bytes that are no ACL: %s", (_, hex) => expect(aclToText(Buffer.from(hex, "hex"))).toBeNull());

it("knows the mode a file with an ACL shows", () => {
  expect(permissionsOfAcl(KERNEL_ACL)).toBe(0o674);
  expect(permissionsOfAcl(aclFromText("user::rw-,group::r-x,other::--x", "default")!)).toBe(0o651);
  expect(permissionsOfAcl(Buffer.alloc(3))).toBeNull();
});
