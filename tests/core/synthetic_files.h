/* Binary ion files that tests make in memory: x = i / 8 - 10, y = -x, z = -i, m = 58 - i / 4096. */
#ifndef MADE_FILES_H
#define MADE_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct made_file {
  unsigned char *data; /* release with free */
  size_t size, room;
} made_file;

static inline void made_append(made_file *file, const void *data, size_t size) {
  if (file->size + size >= file->room) {
    file->room = 2 * (file->size + size) + 64;
    file->data = realloc(file->data, file->room);
  }
  if (size > 0)
    memcpy(file->data + file->size, data, size);
  file->size += size;
}

static inline void made_number(made_file *file, uint64_t value, int size, bool little) {
  unsigned char bytes[8];
  for (int k = 0; k < size; k++)
    bytes[little ? k : size - 1 - k] = (unsigned char)(value >> 8 * k);
  made_append(file, bytes, (size_t)size);
}

static inline void made_float(made_file *file, float value, bool little) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  made_number(file, bits, 4, little);
}

static inline float made_value(int64_t i, int k) {
  float x = (float)i / 8 - 10;
  return k == 0 ? x : k == 1 ? -x : k == 2 ? (float)-i : 58 - (float)i / 4096;
}

static inline made_file made_pos(int64_t count, bool little) {
  made_file file = {NULL, 0, 0};
  made_append(&file, "", 0);
  for (int64_t i = 0; i < 4 * count; i++)
    made_float(&file, made_value(i / 4, (int)(i % 4)), little);
  return file;
}

/* V_DC = volts + i, the other floats i + column, the integers i and -i. */
static inline made_file made_epos(int64_t count, float volts, bool little) {
  made_file file = {NULL, 0, 0};
  made_append(&file, "", 0);
  for (int64_t i = 0; i < count; i++) {
    for (int k = 0; k < 4; k++)
      made_float(&file, made_value(i, k), little);
    for (int k = 0; k < 5; k++)
      made_float(&file, (float)i + (k == 1 ? volts : (float)k), little);
    made_number(&file, (uint32_t)i, 4, little);
    made_number(&file, (uint32_t)-i, 4, little);
  }
  return file;
}

/* Positions in angstrom, the ten other columns of version 3 are i + column. In version 5 x and y
 * are steps of 0.01 nm, and 28 bytes of 0xee follow. */
static inline made_file made_ato(int64_t count, int version, bool little) {
  made_file file = {NULL, 0, 0};
  made_number(&file, 0, 4, little);
  made_number(&file, (uint32_t)version, 4, little);
  for (int i = 8; version == 5 && i < 5000; i++)
    made_append(&file, "?", 1);
  for (int64_t i = 0; i < count; i++) {
    for (int k = 0; k < 2; k++)
      if (version == 5)
        made_number(&file, (uint16_t)(int16_t)(100 * made_value(i, k)), 2, little);
      else
        made_float(&file, 10 * made_value(i, k), little);
    made_float(&file, 10 * made_value(i, 2), little);
    made_float(&file, made_value(i, 3), little);
    for (int c = 0; version != 5 && c < 10; c++)
      made_float(&file, (float)(i + c), little);
    for (int b = 0; version == 5 && b < 28; b++)
      made_append(&file, "\xee", 1);
  }
  return file;
}

static inline void made_utf16(made_file *file, const char *text, int units) {
  for (int i = 0; i < units; i++) {
    made_number(file, (unsigned char)*text, 2, true);
    text += *text != 0;
  }
}

static inline void made_apt_header(made_file *file, int header, int64_t ions) {
  made_append(file, "APT", 4);
  made_number(file, (uint32_t)header, 4, true);
  made_number(file, 2, 4, true);
  made_utf16(file, "made.apt", 256);
  made_number(file, 0x01d0000000000000, 8, true);
  made_number(file, (uint64_t)ions, 8, true);
  for (int i = 540; i < header; i++)
    made_append(file, "?", 1);
}

typedef struct made_section {
  const char *name, *unit;
  int extra;                     /* bytes behind the header */
  int relationship, record_type; /* 1, 1 */
  int type, bits, record_size;   /* type: 1 int, 2 uint, 3 float */
  int64_t records;
  int padding; /* bytes behind the records */
} made_section;

/* The header only; the records and the padding follow. */
static inline void made_apt_section(made_file *file, const made_section *section) {
  made_append(file, "SEC", 4);
  made_number(file, (uint32_t)(148 + section->extra), 4, true);
  made_number(file, 2, 4, true);
  made_utf16(file, section->name, 32);
  made_number(file, 1, 4, true);
  made_number(file, (uint32_t)section->relationship, 4, true);
  made_number(file, (uint32_t)section->record_type, 4, true);
  made_number(file, (uint32_t)section->type, 4, true);
  made_number(file, (uint32_t)section->bits, 4, true);
  made_number(file, (uint32_t)section->record_size, 4, true);
  made_utf16(file, section->unit, 16);
  made_number(file, (uint64_t)section->records, 8, true);
  made_number(file, (uint64_t)(section->records * section->record_size + section->padding), 8,
              true);
  for (int i = 0; i < section->extra; i++)
    made_append(file, "?", 1);
}

static inline void made_padding(made_file *file, int bytes) {
  for (int i = 0; i < bytes; i++)
    made_append(file, "?", 1);
}

/* Sections, in this order: tof (float64, padded), Position (with 24 bytes of bounds), notes (text,
 * to be left out), Ion Type (uint8), XDet (2 x int16), Mass. */
static inline made_file made_apt(int64_t count) {
  static const made_section tof = {"tof", "ns", 0, 1, 1, 3, 64, 8, 0, 7},
                            position = {"Position", "nm", 24, 1, 1, 3, 32, 12, 0, 0},
                            notes = {"notes", "", 3, 0, 2, 4, 8, 1, 0, 0},
                            type = {"Ion Type", "", 0, 1, 1, 2, 8, 1, 0, 0},
                            xdet = {"XDet", "mm", 0, 1, 1, 1, 16, 4, 0, 0},
                            mass = {"Mass", "Da", 0, 1, 1, 3, 32, 4, 0, 0};
  made_file file = {NULL, 0, 0};
  made_section section = tof;
  made_apt_header(&file, 560, count);
  section.records = count;
  made_apt_section(&file, &section);
  for (int64_t i = 0; i < count; i++) {
    double value = 500 + 0.1 * (double)i;
    uint64_t bits;
    memcpy(&bits, &value, 8);
    made_number(&file, bits, 8, true);
  }
  made_padding(&file, section.padding);
  section = position;
  section.records = count;
  made_apt_section(&file, &section);
  for (int64_t i = 0; i < 3 * count; i++)
    made_float(&file, made_value(i / 3, (int)(i % 3)), true);
  section = notes;
  section.records = 5;
  made_apt_section(&file, &section);
  made_append(&file, "hello", 5);
  section = type;
  section.records = count;
  made_apt_section(&file, &section);
  for (int64_t i = 0; i < count; i++)
    made_number(&file, (uint64_t)(i % 256), 1, true);
  section = xdet;
  section.records = count;
  made_apt_section(&file, &section);
  for (int64_t i = 0; i < count; i++) {
    made_number(&file, (uint16_t)i, 2, true);
    made_number(&file, (uint16_t)-i, 2, true);
  }
  section = mass;
  section.records = count;
  made_apt_section(&file, &section);
  for (int64_t i = 0; i < count; i++)
    made_float(&file, made_value(i, 3), true);
  return file;
}

#endif
