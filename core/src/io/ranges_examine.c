/* What is doubtful in a list of ranges: how they lie to each other, and what was declared. */
#include "io/read_ranges.h"

#include <stdlib.h>
#include <string.h>

typedef enum pair_kind { pair_duplicate, pair_overlap, pair_touching, pair_kinds } pair_kind;

static int compare_lo(const void *a, const void *b) {
  const csro_range *p = *(const csro_range *const *)a, *q = *(const csro_range *const *)b;
  if (p->lo != q->lo)
    return p->lo < q->lo ? -1 : 1;
  return p < q ? -1 : p > q;
}

/* Both ends inclusive, a->lo <= b->lo <= a->hi. */
static pair_kind classify(const csro_range *a, const csro_range *b) {
  if (a->lo == b->lo && a->hi == b->hi)
    return pair_duplicate;
  return b->lo == a->hi || a->lo == b->hi ? pair_touching : pair_overlap;
}

static csro_status report_pair(csro_ranges_builder *builder, const csro_range *a,
                               const csro_range *b, pair_kind kind, int64_t number) {
  static const char *const texts[] = {"is the same range as", "overlaps with", "touches"};
  if (number > csro_ranges_reported + 1)
    return CSRO_OK;
  if (number == csro_ranges_reported + 1)
    return csro_ranges_report(builder, "more of these are not listed");
  const csro_range *first = a < b ? a : b, *second = a < b ? b : a;
  csro_status status = csro_ranges_report(
      builder, "line %d: %g to %g %s line %d, ions in both belong to line %d", second->line,
      second->lo, second->hi, texts[kind], first->line, first->line);
  return status == CSRO_OK ? csro_ranges_add_concern(builder, b->lo, b->hi < a->hi ? b->hi : a->hi)
                           : status;
}

static csro_status examine_pairs(csro_ranges_builder *builder) {
  csro_ranges *ranges = builder->ranges;
  const csro_range **sorted = csro_allocate(builder->context, ranges->count, sizeof *sorted);
  if (!sorted)
    return CSRO_ERROR_MEMORY;
  for (int i = 0; i < ranges->count; i++)
    sorted[i] = &ranges->range[i];
  qsort(sorted, (size_t)ranges->count, sizeof *sorted, compare_lo);
  int64_t found[pair_kinds] = {0};
  csro_status status = CSRO_OK;
  for (int i = 0; i < ranges->count && status == CSRO_OK; i++)
    for (int j = i + 1; j < ranges->count && sorted[j]->lo <= sorted[i]->hi; j++) {
      pair_kind kind = classify(sorted[i], sorted[j]);
      if (++found[kind] <= csro_ranges_reported + 1)
        status = report_pair(builder, sorted[i], sorted[j], kind, found[kind]);
      if (status != CSRO_OK)
        break;
    }
  free(sorted);
  ranges->duplicates = (int)found[pair_duplicate]; /* 65000 ranges have less than 2^31 pairs */
  ranges->overlaps = (int)found[pair_overlap];
  ranges->touching = (int)found[pair_touching];
  return status;
}

static bool is_listed(const csro_ranges *ranges, const char *symbol) {
  for (int i = 0; i < ranges->element_count; i++)
    if (strcmp(ranges->elements[i], symbol) == 0)
      return true;
  return false;
}

static csro_status examine_elements(csro_ranges_builder *builder) {
  csro_ranges *ranges = builder->ranges;
  int reported = 0;
  for (int i = 0; i < ranges->species_count; i++)
    for (int k = 0; k < ranges->species[i].components; k++) {
      const char *symbol = ranges->species[i].component[k].symbol;
      if (is_listed(ranges, symbol))
        continue;
      if (reported++ == csro_ranges_reported)
        return csro_ranges_report(builder, "more of these are not listed");
      csro_status status = csro_ranges_report(
          builder, "%s of species %s is not in the list of ions", symbol, ranges->species[i].name);
      if (status != CSRO_OK)
        return status;
    }
  return CSRO_OK;
}

csro_status csro_ranges_examine(csro_ranges_builder *builder) {
  csro_ranges *ranges = builder->ranges;
  csro_status status = CSRO_OK;
  if (ranges->declared >= 0 && ranges->declared != ranges->count)
    status = csro_ranges_report(builder, "%d ranges are declared, there are %d", ranges->declared,
                                ranges->count);
  if (status == CSRO_OK && builder->check_elements)
    status = examine_elements(builder);
  return status == CSRO_OK ? examine_pairs(builder) : status;
}
