/** Cases that containerd lists as wanted and never wrote, with the bugs they are about. */
export const WANTED = 'containerd core/snapshots/testsuite/issues.go, "More issues to test"';

/** The suite every containerd snapshotter is run through. */
export const SUITE = "containerd core/snapshots/testsuite/testsuite.go";
