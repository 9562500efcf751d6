/* Reads numpy .npy files (version 1, little-endian) of the reference cases, into C order. */
#ifndef NPY_H
#define NPY_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct npy {
  char type[8]; /* "<f8", "<i4", "|u1" ... */
  int dimensions;
  int64_t shape[4], count;
  void *data; /* free() */
} npy;

/* Columns one after the other (Fortran order, two dimensions) to rows one after the other. */
static inline void npy_transpose(npy *array, size_t size) {
  char *rows = malloc((size_t)array->count * size + 1);
  for (int64_t i = 0; i < array->shape[0]; i++)
    for (int64_t j = 0; j < array->shape[1]; j++)
      memcpy(rows + (size_t)(i * array->shape[1] + j) * size,
             (char *)array->data + (size_t)(j * array->shape[0] + i) * size, size);
  free(array->data);
  array->data = rows;
}

static inline npy npy_read(const char *path) {
  npy array = {0};
  unsigned char head[10];
  FILE *file = fopen(path, "rb");
  if (!file || fread(head, 1, 10, file) != 10 || memcmp(head, "\x93NUMPY\x01", 7) != 0) {
    fprintf(stderr, "%s: no version 1 .npy file\n", path);
    exit(1);
  }
  size_t length = (size_t)head[8] | (size_t)head[9] << 8;
  char *text = calloc(length + 1, 1);
  if (fread(text, 1, length, file) != length)
    exit(1);
  sscanf(strstr(text, "'descr': '") + 10, "%7[^']", array.type);
  array.count = 1;
  for (char *p = strstr(text, "'shape': (") + 10; *p != ')' && array.dimensions < 4;) {
    char *end;
    long long n = strtoll(p, &end, 10);
    if (end == p)
      break;
    array.shape[array.dimensions++] = n;
    array.count *= n;
    for (p = end; *p == ',' || *p == ' '; p++)
      ;
  }
  int fortran = strstr(text, "'fortran_order': True") != NULL;
  free(text);
  size_t size = (size_t)(array.type[2] - '0');
  array.data = malloc((size_t)array.count * size + 1);
  if (fread(array.data, size, (size_t)array.count, file) != (size_t)array.count) {
    fprintf(stderr, "%s: shorter than its header says\n", path);
    exit(1);
  }
  fclose(file);
  if (fortran && array.dimensions == 2)
    npy_transpose(&array, size);
  return array;
}

#endif
