/* The loops over posting lists, for which Python is too slow; called by kernels.py.

   A document's score is the sum of what its terms add, in the order of the terms, as in plain NumPy.
   Both give identical results as long as the compiler neither reorders sums nor fuses a product and
   a sum: compile without -ffast-math and with -ffp-contract=off. No bounds are checked, no memory is
   allocated, and no function is called: all memory is the caller's, and the arrays of an index may be
   mapped from a file, read-only. */

#include <stdbool.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

#define LEAST (-__builtin_inf()) /* INFINITY would need a header of a C library */

/* The posting lists of a segment, and what each posting adds to a score: see impacts.py. Its documents
   have the positions from `first` on; terms from `vocabulary` on occur in none of them. */
typedef struct {
    int64_t first;
    int64_t size;
    int64_t vocabulary;
    const int64_t *starts;
    const int32_t *documents;
    const void *class_ids; /* 32 bits each if `wide`, else 16 */
    const double *tf_norms;
    const double *idf;
    int64_t wide;
} PostingLists;

/* A search for the `k` best documents by terms, and the `found` best so far: best first, ties by
   position. `group_of`, `prior` and `mask` span the documents of all segments, see Okapi.top; each may
   be NULL. What follows `span` is scratch memory, for ranges of `span` documents. */
typedef struct {
    int64_t term_count;
    const int32_t *terms;
    const int32_t *group_of;
    const double *prior;
    const bool *mask;
    int64_t k;
    int64_t found;
    double *scores;
    int32_t *positions;
    int64_t span;
    double *sums;      /* the score of each document of the range so far */
    uint64_t *cursors; /* for each term, its first posting that is not summed up yet */
    uint32_t *offsets; /* the candidates of the range, as offsets from its first document */
    bool *flags;       /* whether each document of the range is a candidate; all false between ranges */
} Search;

/* The first posting of a term, and the one after its last. */
static inline uint64_t begin_of(const PostingLists *lists, int32_t term)
{
    return term < lists->vocabulary ? (uint64_t)lists->starts[term] : 0;
}

static inline uint64_t end_of(const PostingLists *lists, int32_t term)
{
    return term < lists->vocabulary ? (uint64_t)lists->starts[term + 1] : 0;
}

/* What a posting adds to a score. `wide` is a constant in all calls: each width gets its own loop. */
static inline double impact(const PostingLists *lists, bool wide, double idf, uint64_t posting)
{
    if (wide)
        return idf * lists->tf_norms[((const uint32_t *)lists->class_ids)[posting]];
    return idf * lists->tf_norms[((const uint16_t *)lists->class_ids)[posting]];
}

static inline void add(const PostingLists *lists, bool wide, int64_t count, const int32_t *terms,
                       double *restrict scores)
{
    for (int64_t number = 0; number < count; number++) {
        const int32_t term = terms[number];
        const double idf = lists->idf[term];
        const uint64_t end = end_of(lists, term);
        for (uint64_t posting = begin_of(lists, term); posting < end; posting++)
            scores[(uint32_t)lists->documents[posting]] += impact(lists, wide, idf, posting);
    }
}

/* Add the scores of the segment's documents for the terms to the `scores` of all documents. */
EXPORT void add_scores(const PostingLists *lists, int64_t count, const int32_t *terms, double *scores)
{
    if (lists->wide)
        add(lists, true, count, terms, scores + lists->first);
    else
        add(lists, false, count, terms, scores + lists->first);
}

/* Insert a document into the k best, if it is one of them. */
static void insert(Search *search, double score, int32_t position)
{
    double *const scores = search->scores;
    int32_t *const positions = search->positions;
    if (search->found < search->k) {
        search->found++;
    } else {
        const int64_t last = search->k - 1;
        if (score < scores[last] || (score == scores[last] && position > positions[last]))
            return;
    }
    int64_t at = search->found - 1;
    for (; at > 0; at--) {
        const double before = scores[at - 1];
        if (before > score || (before == score && positions[at - 1] < position))
            break;
        scores[at] = before;
        positions[at] = positions[at - 1];
    }
    scores[at] = score;
    positions[at] = position;
}

/* The highest prior of a document from `start` to `stop`; LEAST if the mask leaves all of them out. */
static double highest_prior(const Search *search, int64_t start, int64_t stop)
{
    if (!search->group_of)
        return 0.0;
    double most = LEAST;
    for (int32_t group = search->group_of[start]; group <= search->group_of[stop - 1]; group++) {
        if (search->mask && !search->mask[group])
            continue;
        const double prior = search->prior ? search->prior[group] : 0.0;
        if (prior > most)
            most = prior;
    }
    return most;
}

/* Advance each term's cursor to its first posting of a document from `start` on. */
static void skip(const PostingLists *lists, const Search *search, int64_t start)
{
    for (int64_t number = 0; number < search->term_count; number++) {
        uint64_t from = search->cursors[number];
        uint64_t to = end_of(lists, search->terms[number]);
        while (from < to) {
            const uint64_t middle = from + (to - from) / 2;
            if (lists->documents[middle] < start)
                from = middle + 1;
            else
                to = middle;
        }
        search->cursors[number] = from;
    }
}

/* Sum up the scores of the documents from `start` to `stop`, advancing the cursors.

   Documents whose sum, after any term, could pass the bar with the prior `most` become candidates;
   returns their number. */
static inline uint32_t sum_up(const PostingLists *lists, bool wide, const Search *search,
                              uint32_t start, uint32_t stop, double most, double bar)
{
    /* None of these overlap: `restrict` spares the compiler from reloading what cannot have changed. */
    double *restrict const sums = search->sums;
    uint32_t *restrict const offsets = search->offsets;
    bool *restrict const flags = search->flags;
    uint32_t candidates = 0;
    for (uint32_t offset = 0; offset < stop - start; offset++)
        sums[offset] = 0.0;
    for (int64_t number = 0; number < search->term_count; number++) {
        const int32_t term = search->terms[number];
        const double idf = lists->idf[term];
        const uint64_t end = end_of(lists, term);
        uint64_t posting = search->cursors[number];
        for (; posting < end; posting++) {
            const uint32_t document = (uint32_t)lists->documents[posting];
            if (document >= stop)
                break;
            const uint32_t offset = document - start;
            const double sum = sums[offset] + impact(lists, wide, idf, posting);
            sums[offset] = sum;
            if (sum + most > bar && !flags[offset]) {
                flags[offset] = true;
                offsets[candidates++] = offset;
            }
        }
        search->cursors[number] = posting;
    }
    return candidates;
}

static inline void search_ranges(const PostingLists *lists, bool wide, Search *search)
{
    for (int64_t number = 0; number < search->term_count; number++)
        search->cursors[number] = begin_of(lists, search->terms[number]);
    for (int64_t offset = 0; offset < search->span; offset++)
        search->flags[offset] = false;
    bool skipped = false;
    for (int64_t start = 0, stop = 0; stop < lists->size; start = stop) {
        stop = lists->size - start > search->span ? start + search->span : lists->size;
        const double most = highest_prior(search, lists->first + start, lists->first + stop);
        if (most == LEAST) {
            skipped = true;
            continue;
        }
        if (skipped)
            skip(lists, search, start);
        skipped = false;
        const double bar = search->found == search->k ? search->scores[search->k - 1] : LEAST;
        const uint32_t candidates =
            sum_up(lists, wide, search, (uint32_t)start, (uint32_t)stop, most, bar);
        for (uint32_t candidate = 0; candidate < candidates; candidate++) {
            const uint32_t offset = search->offsets[candidate];
            const int64_t position = lists->first + start + offset;
            double score = search->sums[offset];
            search->flags[offset] = false;
            if (search->group_of) {
                const int32_t group = search->group_of[position];
                if (search->mask && !search->mask[group])
                    continue;
                if (search->prior)
                    score += search->prior[group];
            }
            if (score > bar)
                insert(search, score, (int32_t)position);
        }
    }
}

/* Continue a search in the next segment, whose documents follow all that were searched before.

   Documents are scored in ranges, term by term, so that the sums stay in the fastest cache. The bar is
   the k-th best score of the ranges before. After a range, only those documents are considered whose
   sum, after any term, could pass the bar with the highest prior of the range. The sum after a
   document's last term is its final one, so none is missed, whatever the signs. A document that only
   equals the bar ranks after those that reached it first. */
EXPORT void search_segment(const PostingLists *lists, Search *search)
{
    if (lists->wide)
        search_ranges(lists, true, search);
    else
        search_ranges(lists, false, search);
}
