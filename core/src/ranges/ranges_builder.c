#include "ranges/ranges_builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

csro_status csro_ranges_grow(csro_context *context, void *items, int64_t count, int64_t *room,
                             size_t size) {
  if (count < *room)
    return CSRO_OK;
  int64_t larger = *room < 16 ? 16 : 2 * *room;
  void *old, *memory = csro_allocate(context, larger, size);
  if (!memory)
    return CSRO_ERROR_MEMORY;
  memcpy(&old, items, sizeof old);
  if (count > 0)
    memcpy(memory, old, (size_t)count * size);
  free(old);
  memcpy(items, &memory, sizeof memory);
  *room = larger;
  return CSRO_OK;
}

csro_status csro_ranges_add_element(csro_ranges_builder *builder, const char *name) {
  csro_ranges *ranges = builder->ranges;
  if (ranges->element_count == csro_ranges_ion_limit)
    return csro_fail(builder->context, CSRO_ERROR_FORMAT, "%s: a list of more than %d ions",
                     builder->path, csro_ranges_ion_limit);
  csro_status status = csro_ranges_grow(builder->context, &ranges->elements, ranges->element_count,
                                        &builder->element_room, sizeof *ranges->elements);
  if (status == CSRO_OK)
    strcpy(ranges->elements[ranges->element_count++], name);
  return status;
}

static csro_status report(csro_ranges_builder *builder, const char *format, va_list arguments) {
  char line[512];
  vsnprintf(line, sizeof line - 1, format, arguments);
  strcat(line, "\n");
  int64_t length = (int64_t)strlen(line);
  while (builder->report_length + length >= builder->report_room) {
    csro_status status = csro_ranges_grow(builder->context, &builder->ranges->report,
                                          builder->report_room, &builder->report_room, 1);
    if (status != CSRO_OK)
      return status;
  }
  strcpy(builder->ranges->report + builder->report_length, line);
  builder->report_length += length;
  return CSRO_OK;
}

csro_status csro_ranges_report(csro_ranges_builder *builder, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  csro_status status = report(builder, format, arguments);
  va_end(arguments);
  return status;
}

csro_status csro_ranges_note(csro_ranges_builder *builder, bool *said, const char *format, ...) {
  const int number = ++builder->notes;
  if (said)
    *said = number <= csro_ranges_reported;
  if (number > csro_ranges_reported + 1)
    return CSRO_OK;
  if (number == csro_ranges_reported + 1)
    return csro_ranges_report(builder, "more of these are not listed");
  va_list arguments;
  va_start(arguments, format);
  csro_status status = report(builder, format, arguments);
  va_end(arguments);
  return status;
}

csro_status csro_ranges_add_issue(csro_ranges_builder *builder, double lo, double hi) {
  csro_ranges *ranges = builder->ranges;
  csro_status status = csro_ranges_grow(builder->context, &ranges->issue, ranges->issue_count,
                                        &builder->issue_room, sizeof *ranges->issue);
  if (status == CSRO_OK)
    ranges->issue[ranges->issue_count++] = (csro_range_issue){lo, hi, builder->report_length - 1};
  return status;
}
