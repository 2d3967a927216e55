// hyperscan FILE PATTERN...: prints how often each pattern matches, with the start of each match.
//
// The file is read in blocks that end at a line's end, each matched as a whole. Hyperscan reports
// every end that a match can have; those that overlap the match before are taken as one with it.
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 1 << 20, MAX_PATTERNS = 16 };

struct counts {
    unsigned long long end[MAX_PATTERNS]; // of the last match in this block
    unsigned long long matches[MAX_PATTERNS];
};

static int count(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    (void)flags;
    struct counts *counts = context;
    if (from >= counts->end[id])
        counts->matches[id]++;
    if (to > counts->end[id])
        counts->end[id] = to;
    return 0;
}

static void fail(const char *what)
{
    fprintf(stderr, "hyperscan: %s\n", what);
    exit(1);
}

int main(int argc, char **argv)
{
    int patterns = argc - 2;
    if (patterns < 1 || patterns > MAX_PATTERNS)
        fail("FILE PATTERN...");
    unsigned flags[MAX_PATTERNS], ids[MAX_PATTERNS];
    for (int i = 0; i < patterns; i++)
        flags[i] = HS_FLAG_SOM_LEFTMOST, ids[i] = i;

    hs_database_t *database;
    hs_compile_error_t *error;
    if (hs_compile_multi((const char *const *)argv + 2, flags, ids, patterns, HS_MODE_BLOCK, NULL, &database, &error))
        fail(error->message);
    hs_scratch_t *scratch = NULL;
    if (hs_alloc_scratch(database, &scratch))
        fail("no memory");
    FILE *file = fopen(argv[1], "rb");
    if (!file)
        fail("cannot open the file");

    static char block[BLOCK_BYTES];
    static struct counts counts;
    size_t held = 0, got;
    while ((got = fread(block + held, 1, BLOCK_BYTES - held, file)) > 0) {
        held += got;
        size_t whole = held;
        if (held == BLOCK_BYTES)
            while (whole > 0 && block[whole - 1] != '\n')
                whole--;
        if (whole == 0)
            fail("a line does not fit into a block");
        memset(counts.end, 0, sizeof counts.end);
        if (hs_scan(database, block, whole, 0, scratch, count, &counts))
            fail("the scan failed");
        memmove(block, block + whole, held - whole);
        held -= whole;
    }
    for (int i = 0; i < patterns; i++)
        printf("%llu\n", counts.matches[i]);
    return 0;
}
