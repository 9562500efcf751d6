/* The range file beside an ion file. */
#include "csro/ranges.h"

#include "check.h"
#include "temporary.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_beside(csro_context *context, const temporary *files, const char *ions,
                         const char *expected) {
  char path[1024], wanted[1024], *found;
  snprintf(path, sizeof path, "%s/%s", files->folder, ions);
  snprintf(wanted, sizeof wanted, "%s/%s", files->folder, expected ? expected : "");
  CHECK_OK(context, csro_ranges_beside(context, path, &found));
  if (expected ? !found || strcmp(found, wanted) != 0 : found != NULL) {
    fprintf(stderr, "beside %s: %s, expected %s\n", ions, found ? found : "none",
            expected ? expected : "none");
    check_failures++;
  }
  free(found);
}

static void touch(const temporary *files, const char *name) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", files->folder, name);
  FILE *file = fopen(path, "wb");
  CHECK(file && fclose(file) == 0);
}

static void remove_files(const temporary *files) {
  DIR *folder = opendir(files->folder);
  CHECK(folder != NULL);
  for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", files->folder, entry->d_name);
    unlink(path); /* not . and .. */
  }
  closedir(folder);
}

static void test_names(csro_context *context, const temporary *files) {
  touch(files, "R5 a.v02.pos");
  check_beside(context, files, "R5 a.v02.pos", NULL);
  touch(files, "R5 a.rrng");
  touch(files, "R5 a.v02.pos.rrng");
  touch(files, "R5 a.v02.txt");
  touch(files, "xR5 a.v02.rrng");
  touch(files, ".rrng");
  check_beside(context, files, "R5 a.v02.pos", NULL);
  touch(files, "r5 A.V02.ENV");
  check_beside(context, files, "R5 a.v02.pos", "r5 A.V02.ENV");
  touch(files, "R5 A.v02.Rng");
  check_beside(context, files, "R5 a.v02.pos", "R5 A.v02.Rng");
  touch(files, "r5 a.v02.rrng");
  check_beside(context, files, "R5 a.v02.pos", "r5 a.v02.rrng");
  touch(files, "R5 A.V02.RRNG");
  check_beside(context, files, "R5 a.v02.pos", "R5 A.V02.RRNG");
  touch(files, "R5 a.v02.RRNG");
  check_beside(context, files, "R5 a.v02.pos", "R5 a.v02.RRNG");
  check_beside(context, files, "R5 a.v02.apt", "R5 a.v02.RRNG");
  check_beside(context, files, "R5 a.v02", "R5 a.rrng"); /* its ending is .v02 */
}

/* A range file of another name belongs to the only ions of its folder. */
static void test_other_name(csro_context *context, const temporary *files) {
  remove_files(files);
  touch(files, "data.pos");
  touch(files, "readme.txt");
  check_beside(context, files, "data.pos", NULL);
  touch(files, "specimen.rng");
  check_beside(context, files, "data.pos", "specimen.rng");
  touch(files, "Specimen.RRNG");
  check_beside(context, files, "data.pos", "Specimen.RRNG"); /* the same name, says more */
  touch(files, ".hidden.rrng");
  check_beside(context, files, "data.pos", NULL); /* two names */
  remove_files(files);
  touch(files, "data.pos");
  touch(files, "specimen.rrng");
  touch(files, ".rrng");
  touch(files, "Data.epos"); /* the same ions */
  check_beside(context, files, "data.pos", "specimen.rrng");
  check_beside(context, files, "data.csv", "specimen.rrng");
  touch(files, "table.csv");
  check_beside(context, files, "data.pos", "specimen.rrng"); /* text may be anything */
  check_beside(context, files, "data.csv", NULL);
  touch(files, "other.ATO");
  check_beside(context, files, "data.pos", NULL);
  touch(files, "data.env");
  check_beside(context, files, "data.pos", "data.env"); /* a name of its own counts first */
  check_beside(context, files, "other.ATO", NULL);
}

/* What is no file is not proposed, and nothing is opened: a pipe would wait for ever. */
static void test_no_files(csro_context *context, const temporary *files) {
  char path[1024], *found = (char *)context;
  snprintf(path, sizeof path, "%s/pipe.rrng", files->folder);
  CHECK(mkfifo(path, 0600) == 0);
  check_beside(context, files, "pipe.pos", NULL);
  CHECK(unlink(path) == 0 && mkdir(path, 0700) == 0);
  check_beside(context, files, "pipe.pos", NULL);
  touch(files, "pipe.env");
  check_beside(context, files, "pipe.pos", "pipe.env");
  CHECK(rmdir(path) == 0);
  check_beside(context, files, "absent/ions.pos", NULL);
  CHECK_OK(context, csro_ranges_beside(context, "", &found));
  CHECK(found == NULL);
  CHECK(chdir(files->folder) == 0);
  CHECK_OK(context, csro_ranges_beside(context, "pipe.epos", &found));
  CHECK(found && strcmp(found, "pipe.env") == 0);
  free(found);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary files;
  temporary_make(&files);
  test_names(&context, &files);
  test_other_name(&context, &files);
  remove_files(&files);
  test_no_files(&context, &files);
  remove_files(&files);
  temporary_remove(&files);
  return check_end();
}
