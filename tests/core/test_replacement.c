/* Writing of files: what may stand at the target, what a file that is replaced hands on, and what
 * is left of one that is not finished. Opening of what is no regular file. */
#define _GNU_SOURCE /* mknod, O_TMPFILE */

#include "check.h"
#include "csro/model.h"
#include "file/atomic_file.h"
#include "file/file.h"
#include "temporary.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

static temporary files;

static csro_status write_text(csro_context *context, const char *path, const char *text) {
  csro_replacement file;
  csro_status status = csro_replacement_open(context, path, &file);
  if (status == CSRO_OK)
    status = csro_replacement_write(context, &file, text, strlen(text));
  return csro_replacement_close(context, &file, status);
}

static void make(const char *path, const char *text, mode_t mode) {
  int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  CHECK(descriptor >= 0 && write(descriptor, text, strlen(text)) == (ssize_t)strlen(text));
  CHECK(close(descriptor) == 0 && chmod(path, mode) == 0);
}

static bool holds(const char *path, const char *text) {
  char found[64] = "";
  FILE *file = fopen(path, "rb");
  size_t size = file ? fread(found, 1, sizeof found - 1, file) : 0;
  if (file)
    fclose(file);
  return file && size == strlen(text) && memcmp(found, text, size) == 0;
}

static struct stat status_of(const char *path) {
  struct stat about = {0};
  CHECK(lstat(path, &about) == 0);
  return about;
}

static int entries(const char *folder) {
  int count = -2; /* . and .. */
  DIR *opened = opendir(folder);
  while (opened && readdir(opened))
    count++;
  closedir(opened);
  return count;
}

static void test_modes(csro_context *context) {
  static const mode_t modes[] = {0600, 0640, 0644, 0666, 0755, 0200, 01600};
  for (size_t k = 0; k < sizeof modes / sizeof *modes; k++) {
    make("old", "before", modes[k]);
    CHECK_OK(context, write_text(context, "old", "after"));
    CHECK_EQ(status_of("old").st_mode & 07777, modes[k]);
    CHECK(chmod("old", 0600) == 0 && holds("old", "after"));
  }
  for (mode_t mask = 0; mask < 0100; mask += 0027) {
    mode_t before = umask(mask);
    CHECK_OK(context, write_text(context, "new", "after"));
    umask(before);
    CHECK_EQ(status_of("new").st_mode & 07777, 0666 & ~mask);
    CHECK(unlink("new") == 0);
  }
  make("old", "before", 0444);
  CHECK_FAILS(context, write_text(context, "old", "after"), CSRO_ERROR_FILE,
              geteuid() == 0 ? "old: cannot be written: is write-protected"
                             : "old: cannot be written: ");
  CHECK(holds("old", "before"));
  CHECK(unlink("old") == 0);
}

/* Only root may give files away; others keep the group where they can. */
static void test_owner(csro_context *context) {
  if (geteuid() != 0)
    return;
  make("old", "before", 0640);
  CHECK(chown("old", 12345, 23456) == 0);
  CHECK_OK(context, write_text(context, "old", "after"));
  struct stat about = status_of("old");
  CHECK(about.st_uid == 12345 && about.st_gid == 23456 && (about.st_mode & 07777) == 0640);
  CHECK(holds("old", "after"));
  make("old", "before", 0666); /* of somebody else, who may write it but not give it away */
  CHECK(chmod(".", 0777) == 0);
  pid_t child = fork();
  if (child == 0) {
    csro_status status = setgid(34567) == 0 && setuid(34567) == 0 ? CSRO_OK : CSRO_ERROR_DATA;
    if (status == CSRO_OK)
      status = write_text(context, "old", "after");
    _exit(status == CSRO_ERROR_FILE &&
                  strstr(context->message, "old: cannot be written: its owner (12345)")
              ? 0
              : 1);
  }
  int end = -1;
  CHECK(waitpid(child, &end, 0) == child && end == 0);
  CHECK(holds("old", "before"));
  CHECK_EQ(entries("."), 1);
  CHECK(unlink("old") == 0);
}

static void test_links(csro_context *context) {
  CHECK(mkdir("far", 0777) == 0);
  make("far/old", "before", 0600);
  CHECK(symlink("far/old", "first") == 0 && symlink("first", "second") == 0);
  CHECK_OK(context, write_text(context, "second", "after"));
  CHECK(S_ISLNK(status_of("first").st_mode) && S_ISLNK(status_of("second").st_mode));
  CHECK(holds("far/old", "after") && (status_of("far/old").st_mode & 07777) == 0600);
  CHECK_EQ(entries("far"), 1);
  CHECK(unlink("far/old") == 0); /* both dangle now */
  CHECK_OK(context, write_text(context, "second", "again"));
  CHECK(S_ISLNK(status_of("second").st_mode) && holds("far/old", "again"));
  CHECK(symlink("../far", "far/up") == 0 && symlink("up/../far/old", "far/winding") == 0);
  CHECK_OK(context, write_text(context, "far/winding", "wound"));
  CHECK(holds("far/old", "wound"));
  CHECK(symlink("loop", "pool") == 0 && symlink("pool", "loop") == 0);
  CHECK_FAILS(context, write_text(context, "loop", "after"), CSRO_ERROR_FILE,
              "loop: cannot be written: Too many levels of symbolic links");
  CHECK(symlink("absent/x", "lost") == 0);
  CHECK_FAILS(context, write_text(context, "lost", "after"), CSRO_ERROR_FILE,
              "lost: cannot be written: No such file or directory");
  CHECK(link("far/old", "hard") == 0);
  CHECK_OK(context, write_text(context, "far/old", "after"));
  CHECK(holds("far/old", "after") && holds("hard", "wound"));
  unlink("lost"), unlink("loop"), unlink("pool"), unlink("far/winding"), unlink("far/up");
  unlink("far/old"), unlink("first"), unlink("second"), unlink("hard");
  CHECK(rmdir("far") == 0);
}

/* Read and written, directly and through a link: one message that says what it is. */
static void check_refused(csro_context *context, const char *name, const char *what) {
  char expected[128];
  mode_t mode = status_of(name).st_mode;
  CHECK(symlink(name, "link") == 0);
  for (int k = 0; k < 2; k++) {
    const char *path = k ? "link" : name;
    csro_file file;
    csro_model *model = NULL;
    snprintf(expected, sizeof expected, "%s: cannot be written: is %s", path, what);
    CHECK_FAILS(context, write_text(context, path, "x"), CSRO_ERROR_FILE, expected);
    CHECK_FAILS(context, csro_model_check_target(context, path), CSRO_ERROR_FILE, expected);
    snprintf(expected, sizeof expected, "%s: is %s, expected a regular file", path, what);
    CHECK_FAILS(context, csro_file_open(context, path, &file), CSRO_ERROR_FILE, expected);
    csro_file_close(&file);
    CHECK_FAILS(context, csro_model_read(context, path, &model), CSRO_ERROR_FILE, expected);
  }
  CHECK_EQ(status_of(name).st_mode, mode);
  CHECK_EQ(entries("."), 2);
  CHECK(unlink("link") == 0);
}

static void test_no_files(csro_context *context) {
  CHECK(mkdir("folder", 0777) == 0);
  check_refused(context, "folder", "a directory");
  CHECK(rmdir("folder") == 0);
  CHECK(mkfifo("pipe", 0600) == 0);
  check_refused(context, "pipe", "a named pipe");
  CHECK(unlink("pipe") == 0);
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
  int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0);
  check_refused(context, "socket", "a socket");
  close(descriptor);
  CHECK(unlink("socket") == 0);
  if (mknod("device", S_IFCHR | 0600, 0x103) == 0) { /* where permitted: numbers of a null device */
    check_refused(context, "device", "a character device");
    CHECK(unlink("device") == 0);
  }
}

static void test_training_target(csro_context *context) {
  CHECK_OK(context, csro_model_check_target(context, "new"));
  CHECK_EQ(entries("."), 0);
  make("old", "before", 0600);
  CHECK_OK(context, csro_model_check_target(context, "old"));
  CHECK(holds("old", "before"));
  CHECK_EQ(entries("."), 1);
  CHECK(unlink("old") == 0);
  CHECK_FAILS(context, csro_model_check_target(context, "absent/new"), CSRO_ERROR_FILE,
              "absent/new: cannot be written: No such file or directory");
}

/* Something may come to stand at the target while the file is written. */
static void test_late_changes(csro_context *context) {
  csro_replacement file;
  CHECK_OK(context, csro_replacement_open(context, "new", &file));
  CHECK(mkfifo("new", 0600) == 0);
  CHECK_FAILS(context, csro_replacement_close(context, &file, CSRO_OK), CSRO_ERROR_FILE,
              "new: cannot be written: is a named pipe");
  CHECK(S_ISFIFO(status_of("new").st_mode));
  CHECK_EQ(entries("."), 1);
  CHECK(unlink("new") == 0);
}

/* What a killed process leaves: nothing where files without a name exist, and never anything that
 * a later one chokes on. */
static void test_killed(csro_context *context) {
  char left[64];
  pid_t child = fork();
  if (child == 0) {
    csro_replacement file;
    csro_replacement_open(context, "new", &file);
    csro_replacement_write(context, &file, "half", 4);
    raise(SIGKILL);
  }
  CHECK(waitpid(child, NULL, 0) == child);
  CHECK(access("new", F_OK) != 0);
  snprintf(left, sizeof left, ".csro-%ld-0.part", (long)child);
  int unnamed = open(".", O_WRONLY | O_TMPFILE, 0600);
  if (unnamed >= 0)
    CHECK_EQ(entries("."), 0);
  close(unnamed);
  unlink(left);
  snprintf(left, sizeof left, ".csro-%ld-0.part", (long)getpid());
  make(left, "of a process of the same number", 0600);
  CHECK_OK(context, write_text(context, "new", "after"));
  CHECK(holds("new", "after"));
  CHECK_EQ(entries("."), 2);
  unlink(left), unlink("new");
}

/* A file that is read while it changes. */
static void test_changes(csro_context *context) {
  for (int k = 0; k < 3; k++) {
    csro_file file;
    make("old", "before", 0600);
    CHECK_OK(context, csro_file_open(context, "old", &file));
    CHECK_OK(context, csro_file_check_unchanged(context, &file));
    struct timespec later[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    if (k == 0)
      make("old", "and longer", 0600);
    else
      CHECK(k == 1 ? truncate("old", 3) == 0 : utimensat(AT_FDCWD, "old", later, 0) == 0);
    CHECK_FAILS(context, csro_file_check_unchanged(context, &file), CSRO_ERROR_FILE,
                "old: cannot be read: the file was changed meanwhile");
    csro_file_close(&file);
  }
  CHECK(unlink("old") == 0);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  CHECK(chdir(files.folder) == 0);
  umask(0022);
  test_modes(&context);
  test_owner(&context);
  test_links(&context);
  test_no_files(&context);
  test_training_target(&context);
  test_late_changes(&context);
  test_killed(&context);
  test_changes(&context);
  CHECK_EQ(entries("."), 0);
  CHECK(chdir("/") == 0);
  temporary_remove(&files);
  return check_end();
}
