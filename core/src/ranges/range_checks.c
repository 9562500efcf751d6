/* What is doubtful in a list of ranges: how they lie to each other, and what was declared. */
#include "ranges/ranges_builder.h"
#include "ranges/read_species_name.h"

#include <stdio.h>
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
  return status == CSRO_OK ? csro_ranges_add_issue(builder, b->lo, b->hi < a->hi ? b->hi : a->hi)
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

/* Symbols that the list of ions names, by themselves or inside of formulas. */
typedef struct listed {
  int count;
  int64_t room;
  char (*symbol)[32];
} listed;

static bool is_listed(const listed *list, const char *symbol) {
  for (int i = 0; i < list->count; i++)
    if (strcmp(list->symbol[i], symbol) == 0)
      return true;
  return false;
}

static csro_status add_listed(csro_ranges_builder *builder, const char *symbol, listed *list) {
  if (is_listed(list, symbol))
    return CSRO_OK;
  csro_status status = csro_ranges_grow(builder->context, &list->symbol, list->count, &list->room,
                                        sizeof *list->symbol);
  if (status == CSRO_OK)
    snprintf(list->symbol[list->count++], sizeof *list->symbol, "%s", symbol);
  return status;
}

static csro_status list_symbols(csro_ranges_builder *builder, listed *list) {
  const csro_ranges *ranges = builder->ranges;
  csro_status status = CSRO_OK;
  csro_reading readings[csro_most_readings];
  for (int i = 0; i < ranges->element_count && status == CSRO_OK; i++) {
    int count = csro_readings_of_label(ranges->elements[i], readings);
    if (count == 0)
      status = add_listed(builder, ranges->elements[i], list);
    for (int k = 0; count > 0 && k < readings[0].species.components && status == CSRO_OK; k++)
      status = add_listed(builder, readings[0].species.component[k].symbol, list);
  }
  return status;
}

static csro_status report_unlisted(csro_ranges_builder *builder, const listed *list) {
  csro_ranges *ranges = builder->ranges;
  int reported = 0;
  for (int i = 0; i < ranges->species_count; i++)
    for (int k = 0; k < ranges->species[i].components; k++) {
      const char *symbol = ranges->species[i].component[k].symbol;
      if (is_listed(list, symbol))
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

static csro_status examine_elements(csro_ranges_builder *builder) {
  listed list = {0};
  csro_status status = list_symbols(builder, &list);
  if (status == CSRO_OK)
    status = report_unlisted(builder, &list);
  free(list.symbol);
  return status;
}

csro_status csro_ranges_examine(csro_ranges_builder *builder) {
  csro_ranges *ranges = builder->ranges;
  csro_status status = CSRO_OK;
  const int there = ranges->count + ranges->left_out;
  if (ranges->declared >= 0 && ranges->declared != there)
    status = csro_ranges_report(builder, "%d ranges are declared, there are %d", ranges->declared,
                                there);
  if (status == CSRO_OK && builder->check_elements)
    status = examine_elements(builder);
  return status == CSRO_OK ? examine_pairs(builder) : status;
}
