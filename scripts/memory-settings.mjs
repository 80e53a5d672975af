// How a process that holds accounts keeps its memory; `npm run bench -- hot-account` shows what it is for.

export const heapFlags = [
  // A larger young generation copies less of what is under way, and takes longer each time.
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  // The old generation is gone over when it has grown by half a gigabyte at first: each time takes both
  // of two cores for some 100 ms.
  '--initial-old-space-size=512',
  // Else V8 makes objects of a kind that has been seen to last old at once. Those that do not last keep
  // alive what they point to, with the bytes of each append: a hot account was gone over every four seconds.
  '--no-allocation-site-pretenuring',
];

// For the C library of most Linux distributions; others ignore it. By itself it gives the buffers of a
// large append back to the system and takes them again page by page.
const allocation = {
  MALLOC_MMAP_THRESHOLD_: String(32 * 1024 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(256 * 1024 * 1024),
};

export const environment = { ...allocation, ...process.env };
