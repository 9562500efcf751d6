/* How many ions the report of a range file concerns. */
#include "base/progress.h"
#include "csro/share.h"
#include "ranges/mass_intervals.h"
#include "ranges/ranges_builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { block_ions = 65536 };

/* Ions in each piece. own: a row of counts per thread, zeros; the first becomes the sum. */
static csro_status count_pieces(csro_context *context, const csro_pieces *pieces, const void *mass,
                                bool is_double, int64_t count, int64_t *own) {
  const int64_t width = 2 * pieces->count + 1;
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int t = 0; t < context->threads; t++) {
    int64_t *mine = own + t * width, begin, left;
    csro_share(count, t, context->threads, &begin, &left);
    for (int64_t i = begin; i < begin + left; i++) {
      if ((i - begin) % block_ions == 0 && csro_progress_add(&progress, block_ions))
        break;
      mine[csro_piece_of(pieces, is_double ? ((const double *)mass)[i]
                                           : (double)((const float *)mass)[i])]++;
    }
  }
  for (int t = 1; t < context->threads; t++)
    for (int64_t i = 0; i < width; i++)
      own[i] += own[t * width + i];
  return csro_progress_end(&progress);
}

/* Ions in pieces of more than one range. change: a zero per piece and one more, scratch. */
static int64_t count_shared(const csro_ranges *ranges, const csro_pieces *pieces,
                            const int64_t *ions, int64_t *change) {
  for (int r = 0; r < ranges->count; r++) {
    change[csro_piece_of(pieces, ranges->range[r].lo)]++;
    change[csro_piece_of(pieces, ranges->range[r].hi) + 1]--;
  }
  int64_t shared = 0, depth = 0;
  for (int64_t i = 0; i < 2 * pieces->count + 1; i++) {
    depth += change[i];
    if (depth > 1)
      shared += ions[i];
  }
  return shared;
}

static csro_status count_concerned(csro_context *context, const csro_ranges *ranges,
                                   const csro_pieces *pieces, const void *mass, bool is_double,
                                   int64_t count, int64_t *counts) {
  const int64_t width = 2 * pieces->count + 1;
  const int64_t room = (context->threads + 1) * width + 1;
  int64_t *ions = csro_allocate(context, room, sizeof *ions);
  if (!ions)
    return CSRO_ERROR_MEMORY;
  memset(ions, 0, (size_t)room * sizeof *ions);
  csro_status status = count_pieces(context, pieces, mass, is_double, count, ions);
  for (int n = 0; status == CSRO_OK && n < ranges->issue_count; n++) {
    const csro_range_issue *issue = &ranges->issue[n];
    for (int64_t i = csro_piece_of(pieces, issue->lo); i <= csro_piece_of(pieces, issue->hi); i++)
      counts[n] += ions[i];
  }
  if (status == CSRO_OK)
    counts[ranges->issue_count] =
        count_shared(ranges, pieces, ions, ions + context->threads * width);
  free(ions);
  return status;
}

csro_status csro_ranges_count_issues(csro_context *context, const csro_ranges *ranges,
                                     const void *mass, bool is_double, int64_t count,
                                     int64_t *counts) {
  memset(counts, 0, (size_t)(ranges->issue_count + 1) * sizeof *counts);
  if (ranges->issue_count == 0)
    return CSRO_OK;
  csro_pieces pieces;
  csro_status status = csro_pieces_init(context, ranges, &pieces);
  if (status == CSRO_OK)
    status = count_concerned(context, ranges, &pieces, mass, is_double, count, counts);
  csro_pieces_release(&pieces);
  return status;
}

bool csro_ranges_need_warning(const csro_ranges *ranges, const int64_t *counts) {
  int64_t lines = 0, of_touching = ranges->touching;
  for (const char *c = ranges->report; *c; c++)
    lines += *c == '\n';
  if (of_touching > csro_ranges_reported)
    of_touching = csro_ranges_reported + 1;
  return lines > of_touching || counts[ranges->issue_count] > 0;
}

csro_status csro_ranges_write_report(csro_context *context, const csro_ranges *ranges,
                                     const int64_t *counts, char **text) {
  enum { longest = 128 };
  const bool shared = ranges->overlaps + ranges->touching + ranges->duplicates > 0;
  *text = csro_allocate(
      context, (long long)strlen(ranges->report) + longest * (ranges->issue_count + 2LL), 1);
  if (!*text)
    return CSRO_ERROR_MEMORY;
  char *to = *text;
  int64_t from = 0;
  for (int n = 0; n < ranges->issue_count; n++) {
    const csro_range_issue *issue = &ranges->issue[n];
    to += sprintf(to, "%.*s (%lld ion%s)", (int)(issue->line_end - from), ranges->report + from,
                  (long long)counts[n], counts[n] == 1 ? "" : "s");
    from = issue->line_end;
  }
  to += sprintf(to, "%s", ranges->report + from);
  if (shared)
    sprintf(to, "%lld ions are in more than one range and belong to the first of them\n",
            (long long)counts[ranges->issue_count]);
  return CSRO_OK;
}
