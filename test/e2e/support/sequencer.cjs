/** The files that take a minute or more, longest first. The order lets the workers end at about the same time. */
const LONGEST_FIRST = [
  'main-job', 'auth', 'operations', 'lifecycle', 'scaffold', 'empty-folder', 'aws-faults', 'mistakes', 'local-aws-attacks', 'rust-layouts',
  'rust-interrupted', 'rust-staleness', 'rust-peer-examples',
].map((name) => `/e2e/${name}.test.ts`);

function place({ path }) {
  const index = LONGEST_FIRST.findIndex((end) => path.replaceAll('\\', '/').endsWith(end));
  return index < 0 ? LONGEST_FIRST.length : index;
}

/** Gives Jest the end-to-end tests in the order of their duration. A new checkout has no record of it. */
module.exports = class {
  sort(tests) {
    return [...tests].sort((a, b) => place(a) - place(b));
  }

  shard(tests, { shardIndex, shardCount }) {
    return tests.filter((_, index) => index % shardCount === shardIndex - 1);
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
};
