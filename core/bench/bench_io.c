/* Times the readers of ion files on made-up files against a plain copy: the same threads read the
 * same file into freshly allocated memory. Reader and copy alternate; the medians are printed. The
 * peak of the memory is that of another process, which reads the file once: in one part, and as the
 * first of two.
 * usage: bench_io [--ions N] [--repeat N] [--threads N]
 *        bench_io --peak FILE PART PARTS THREADS */
#include "csro/ions.h"

#include <fcntl.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_REPEATS = 99, BLOCK = 1 << 20 };

typedef void (*write_function)(FILE *file, long ions);

static void must(int good, const char *what) {
  if (good)
    return;
  fprintf(stderr, "bench_io: %s\n", what);
  exit(1);
}

static void write_number(FILE *file, uint64_t bits, int size, int little) {
  unsigned char bytes[8];
  for (int k = 0; k < size; k++)
    bytes[little ? k : size - 1 - k] = (unsigned char)(bits >> 8 * k);
  fwrite(bytes, 1, (size_t)size, file);
}

static void write_float(FILE *file, float value, int little) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  write_number(file, bits, 4, little);
}

static float value_of(long ion, int k) {
  return (float)(ion * 7 % 1009) / 16 + (float)k;
}

static void write_records(FILE *file, long ions, int floats, int integers) {
  for (long i = 0; i < ions; i++) {
    for (int k = 0; k < floats; k++)
      write_float(file, value_of(i, k), 0);
    for (int k = 0; k < integers; k++)
      write_number(file, (uint64_t)i, 4, 0);
  }
}

static void write_pos(FILE *file, long ions) {
  write_records(file, ions, 4, 0);
}

static void write_epos(FILE *file, long ions) {
  write_records(file, ions, 9, 2);
}

static void write_utf16(FILE *file, const char *text, int units) {
  for (int i = 0; i < units; i++) {
    write_number(file, (unsigned char)*text, 2, 1);
    text += *text != 0;
  }
}

static void write_section(FILE *file, long ions, const char *name, int components) {
  const uint32_t numbers[] = {1, 1, 1, 3, 32, 4 * (uint32_t)components};
  fwrite("SEC", 1, 4, file);
  write_number(file, 148, 4, 1);
  write_number(file, 2, 4, 1);
  write_utf16(file, name, 32);
  for (int k = 0; k < 6; k++)
    write_number(file, numbers[k], 4, 1);
  write_utf16(file, "", 16);
  write_number(file, (uint64_t)ions, 8, 1);
  write_number(file, (uint64_t)ions * 4 * (uint64_t)components, 8, 1);
  for (long i = 0; i < ions * components; i++)
    write_float(file, value_of(i, 0), 1);
}

static void write_apt(FILE *file, long ions) {
  static const char *const names[] = {"Mass", "tof", "Voltage", "XDet_mm", "YDet_mm"};
  fwrite("APT", 1, 4, file);
  write_number(file, 540, 4, 1);
  write_number(file, 2, 4, 1);
  write_utf16(file, "", 256);
  write_number(file, 0, 8, 1);
  write_number(file, (uint64_t)ions, 8, 1);
  for (int k = 0; k < 5; k++)
    write_section(file, ions, names[k], 1);
  write_section(file, ions, "Position", 3);
}

static void write_text(FILE *file, long ions) {
  for (long i = 0; i < ions; i++)
    fprintf(file, "%.3f,%.3f,%.3f,%.3f\n", (double)value_of(i, 0), (double)value_of(i, 1),
            (double)value_of(i, 2), (double)value_of(i, 3));
}

static double copy(const char *path, int threads) {
  double begin = omp_get_wtime();
  struct stat about;
  int descriptor = open(path, O_RDONLY), good = 1;
  must(descriptor >= 0 && fstat(descriptor, &about) == 0, path);
  char *memory = malloc((size_t)about.st_size);
  must(memory != NULL, "out of memory");
#pragma omp parallel for num_threads(threads) reduction(&& : good)
  for (off_t at = 0; at < about.st_size; at += BLOCK) {
    off_t n = about.st_size - at < BLOCK ? about.st_size - at : BLOCK;
    good = good && pread(descriptor, memory + at, (size_t)n, at) == n;
  }
  must(good, path);
  close(descriptor);
  double seconds = omp_get_wtime() - begin;
  free(memory);
  return seconds;
}

static double read_ions(csro_context *context, const char *path) {
  csro_ions ions;
  double begin = omp_get_wtime();
  must(csro_ions_read(context, path, 0, 1, &ions) == CSRO_OK, context->message);
  double seconds = omp_get_wtime() - begin;
  csro_ions_release(&ions);
  return seconds;
}

/* Bytes of the ions themselves. */
static double size_of_ions(const csro_ions *ions) {
  double size = ions->is_double ? 32 : 16;
  for (int i = 0; i < ions->column_count; i++)
    size += (double)csro_column_size(ions->columns[i].type) * ions->columns[i].components;
  return size * (double)ions->count;
}

/* Largest resident size of this process so far, in bytes. */
static double peak(void) {
  char line[256];
  long kilobytes = 0;
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "VmHWM: %ld", &kilobytes) == 1)
      break;
  must(file && kilobytes > 0, "/proc/self/status");
  fclose(file);
  return 1024.0 * (double)kilobytes;
}

/* What the child prints: bytes of the ions, and the growth of the peak. */
static int print_peak(const char *path, int part, int parts, int threads) {
  csro_context context;
  csro_ions ions;
  csro_context_init(&context);
  context.threads = threads;
  double before = peak();
  must(csro_ions_read(&context, path, part, parts, &ions) == CSRO_OK, context.message);
  printf("%.0f %.0f\n", size_of_ions(&ions), peak() - before);
  csro_ions_release(&ions);
  return 0;
}

/* Peak over the size of the ions, as read by another process. */
static double measure_peak(const char *path, int parts, int threads, double *size) {
  char self[512], command[2048];
  double bytes = 0;
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  must(length > 0, "/proc/self/exe");
  self[length] = 0;
  snprintf(command, sizeof command, "'%s' --peak '%s' 0 %d %d", self, path, parts, threads);
  FILE *child = popen(command, "r");
  must(child && fscanf(child, "%lf %lf", size, &bytes) == 2 && pclose(child) == 0, command);
  return bytes / *size;
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, int n) {
  qsort(values, (size_t)n, sizeof *values, compare_doubles);
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void measure(csro_context *context, const char *folder, const char *ending,
                    write_function write, long ions, int repeats) {
  char path[600];
  double read_seconds[MOST_REPEATS], copy_seconds[MOST_REPEATS];
  struct stat about;
  snprintf(path, sizeof path, "%s/ions%s", folder, ending);
  FILE *file = fopen(path, "wb");
  must(file != NULL, path);
  write(file, ions);
  must(fclose(file) == 0 && stat(path, &about) == 0, path);
  double size, half, whole_peak = measure_peak(path, 1, context->threads, &size),
                     half_peak = measure_peak(path, 2, context->threads, &half);
  for (int r = 0; r < repeats; r++) {
    copy_seconds[r] = copy(path, context->threads);
    read_seconds[r] = read_ions(context, path);
  }
  unlink(path);
  double megabytes = (double)about.st_size / 1e6;
  double read_rate = megabytes / median(read_seconds, repeats),
         copy_rate = megabytes / median(copy_seconds, repeats);
  printf("%-6s %8.0f %10.0f %10.0f %9.0f %% %12.0f %10.0f %9.2f %9.2f\n", ending, megabytes,
         read_rate, copy_rate, 100 * read_rate / copy_rate, read_rate / context->threads,
         size / (double)ions, whole_peak, half_peak);
}

int main(int argc, char **argv) {
  if (argc == 6 && strcmp(argv[1], "--peak") == 0)
    return print_peak(argv[2], atoi(argv[3]), atoi(argv[4]), atoi(argv[5]));
  csro_context context;
  csro_context_init(&context);
  long ions = 10000000;
  int repeats = 5;
  for (int i = 1; i < argc; i += 2) {
    const char *value = i + 1 < argc ? argv[i + 1] : "";
    if (strcmp(argv[i], "--ions") == 0)
      ions = atol(value);
    else if (strcmp(argv[i], "--repeat") == 0)
      repeats = atoi(value);
    else if (strcmp(argv[i], "--threads") == 0)
      context.threads = atoi(value);
    else
      repeats = 0;
  }
  if (ions < 1 || repeats < 1 || repeats > MOST_REPEATS || context.threads < 1) {
    fprintf(stderr, "usage: bench_io [--ions N] [--repeat N] [--threads N]\n");
    return 2;
  }
  const char *where = getenv("TMPDIR");
  char folder[512];
  snprintf(folder, sizeof folder, "%s/csro-bench-XXXXXX", where ? where : "/tmp");
  must(mkdtemp(folder) != NULL, folder);
  printf("%ld ions, %d threads, median of %d; goals: binary 60 %% of the copy, text 100 MB/s and "
         "core\n\n",
         ions, context.threads, repeats);
  printf("%-6s %8s %10s %10s %11s %12s %10s %9s %9s\n", "format", "MB", "read MB/s", "copy MB/s",
         "read/copy", "MB/s, core", "bytes/ion", "peak/ions", "half");
  measure(&context, folder, ".pos", write_pos, ions, repeats);
  measure(&context, folder, ".epos", write_epos, ions, repeats);
  measure(&context, folder, ".apt", write_apt, ions, repeats);
  measure(&context, folder, ".csv", write_text, ions, repeats);
  rmdir(folder);
  return 0;
}
