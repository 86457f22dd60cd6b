/* The loops over posting lists, for which Python is too slow; called by kernels.py.

   A document's score is the sum of what its terms add, in the order of the terms, as in plain NumPy.
   Both come to the very same numbers while the compiler neither reorders sums nor rounds a product
   and a sum at once: so it must not get -ffast-math, and must get -ffp-contract=off. Nothing is
   allocated, and nothing called: all memory is the caller's, and the arrays of an index may lie in a
   file, read-only. */

#include <stdbool.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

#define LEAST (-__builtin_inf()) /* INFINITY would need a header of a C library */

/* The posting lists of a segment, and what each posting adds to a score: see impacts.py. Its documents
   are numbered from `first` on, and the terms from `vocabulary` on are in none of them. */
typedef struct {
    int64_t first;
    int64_t size;
    int64_t vocabulary;
    const int64_t *starts;
    const int32_t *documents;
    const void *codes; /* of 32 bits each where these are `wide`, else of 16 */
    const double *parts;
    const double *idf;
    int64_t wide;
} Lists;

/* A search for the `k` best documents by terms, and the `found` best so far: best first, ties by
   position. `of`, `added` and `within` are the Groups of okapi.py, over the documents of all segments;
   each may be NULL. What comes after `span` is scratch memory, for ranges of so many documents. */
typedef struct {
    int64_t count;
    const int32_t *terms;
    const int32_t *of;
    const double *added;
    const bool *within;
    int64_t k;
    int64_t found;
    double *scores;
    int32_t *positions;
    int64_t span;
    double *sums;      /* of each document of the range */
    uint64_t *cursors; /* of each term: the first of its postings that is not summed up yet */
    uint32_t *places;  /* the documents of the range that are noted */
    bool *noted;       /* whether each document of the range is; between ranges, none */
} Search;

/* Where the postings of a term begin, and where they end. */
static inline uint64_t begin_of(const Lists *lists, int32_t term)
{
    return term < lists->vocabulary ? (uint64_t)lists->starts[term] : 0;
}

static inline uint64_t end_of(const Lists *lists, int32_t term)
{
    return term < lists->vocabulary ? (uint64_t)lists->starts[term + 1] : 0;
}

/* What a posting adds. `wide` is a constant in all calls: there is a loop for each, without a test. */
static inline double impact(const Lists *lists, bool wide, double idf, uint64_t posting)
{
    if (wide)
        return idf * lists->parts[((const uint32_t *)lists->codes)[posting]];
    return idf * lists->parts[((const uint16_t *)lists->codes)[posting]];
}

static inline void add(const Lists *lists, bool wide, int64_t count, const int32_t *terms,
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

/* Add to the `scores` of all documents what those of the lists earn by the terms. */
EXPORT void add_scores(const Lists *lists, int64_t count, const int32_t *terms, double *scores)
{
    if (lists->wide)
        add(lists, true, count, terms, scores + lists->first);
    else
        add(lists, false, count, terms, scores + lists->first);
}

/* Put a document in its place among the best, if it has one there. */
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

/* The most that is added to a document from `start` to `stop`; LEAST if none may be found. */
static double most_added(const Search *search, int64_t start, int64_t stop)
{
    if (!search->of)
        return 0.0;
    double most = LEAST;
    for (int32_t group = search->of[start]; group <= search->of[stop - 1]; group++) {
        if (search->within && !search->within[group])
            continue;
        const double added = search->added ? search->added[group] : 0.0;
        if (added > most)
            most = added;
    }
    return most;
}

/* Move the cursor of each term to its first posting of a document from `start` on. */
static void skip(const Lists *lists, const Search *search, int64_t start)
{
    for (int64_t number = 0; number < search->count; number++) {
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

/* Sum up the scores of the documents from `start` to `stop`, moving the cursors on.

   The places whose sum, after any term, could with `most` pass the bar are noted; how many. */
static inline uint32_t sum_up(const Lists *lists, bool wide, const Search *search, uint32_t start,
                              uint32_t stop, double most, double bar)
{
    /* None of these overlap, and to know it spares reading again what cannot have changed. */
    double *restrict const sums = search->sums;
    uint32_t *restrict const places = search->places;
    bool *restrict const noted = search->noted;
    uint32_t notes = 0;
    for (uint32_t place = 0; place < stop - start; place++)
        sums[place] = 0.0;
    for (int64_t number = 0; number < search->count; number++) {
        const int32_t term = search->terms[number];
        const double idf = lists->idf[term];
        const uint64_t end = end_of(lists, term);
        uint64_t posting = search->cursors[number];
        for (; posting < end; posting++) {
            const uint32_t document = (uint32_t)lists->documents[posting];
            if (document >= stop)
                break;
            const uint32_t place = document - start;
            const double sum = sums[place] + impact(lists, wide, idf, posting);
            sums[place] = sum;
            if (sum + most > bar && !noted[place]) {
                noted[place] = true;
                places[notes++] = place;
            }
        }
        search->cursors[number] = posting;
    }
    return notes;
}

static inline void find(const Lists *lists, bool wide, Search *search)
{
    for (int64_t number = 0; number < search->count; number++)
        search->cursors[number] = begin_of(lists, search->terms[number]);
    for (int64_t place = 0; place < search->span; place++)
        search->noted[place] = false;
    bool behind = false;
    for (int64_t start = 0, stop = 0; stop < lists->size; start = stop) {
        stop = lists->size - start > search->span ? start + search->span : lists->size;
        const double most = most_added(search, lists->first + start, lists->first + stop);
        if (most == LEAST) {
            behind = true;
            continue;
        }
        if (behind)
            skip(lists, search, start);
        behind = false;
        const double bar = search->found == search->k ? search->scores[search->k - 1] : LEAST;
        const uint32_t notes =
            sum_up(lists, wide, search, (uint32_t)start, (uint32_t)stop, most, bar);
        for (uint32_t note = 0; note < notes; note++) {
            const uint32_t place = search->places[note];
            const int64_t position = lists->first + start + place;
            double score = search->sums[place];
            search->noted[place] = false;
            if (search->of) {
                const int32_t group = search->of[position];
                if (search->within && !search->within[group])
                    continue;
                if (search->added)
                    score += search->added[group];
            }
            if (score > bar)
                insert(search, score, (int32_t)position);
        }
    }
}

/* Go on with a search in the next segment, whose documents come after all that were searched before.

   Documents are scored in ranges, term by term, so that the sums stay in the fastest cache. At the end
   of its range a document is looked at again only where its sum, after any term, could pass the bar,
   the k-th best score of the ranges before, with the most that is added in the range. Its last term
   brings the sum to what it remains, so none is missed, whatever the signs; and one that only reaches
   the bar comes after those that reached it first. */
EXPORT void top(const Lists *lists, Search *search)
{
    if (lists->wide)
        find(lists, true, search);
    else
        find(lists, false, search);
}
