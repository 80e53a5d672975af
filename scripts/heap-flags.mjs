// How V8 keeps the memory of a process that holds accounts. A larger young generation copies less of
// what is under way; and the old one is not gone over before it has half a gigabyte, since each time
// takes both cores for some 80 ms. With V8's own defaults one hot account's p99 at 10,000 holds a
// second was 60 to 90 ms on two cores, with these 8 ms (`npm run bench -- hot-account`).
export const heapFlags = ['--max-semi-space-size=32', '--initial-old-space-size=512'];
