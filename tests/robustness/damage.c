/* Damages one small file of each format in every way of a list, reads the results, and prints the
 * table of docs/robustness.md. With the path of that file as argument it compares instead.
 * usage: damage [FILE] */
#include "csro/ions.h"
#include "csro/model.h"
#include "csro/parse.h"
#include "csro/random.h"
#include "csro/ranges.h"
#include "synthetic_files.h"
#include "temporary.h"

#include <ctype.h>
#include <stdarg.h>

enum { IONS = 61, CUTS = 64, FLIPS = 1000, MOST_KINDS = 64, SHOWN = 3 };

typedef struct format {
  const char *name; /* of the file; the ending tells the reader */
  made_file file;
} format;

/* Texts that differ in numbers only are of one kind. */
typedef struct kind {
  char pattern[1200], example[1200];
  int count;
} kind;

typedef struct outcome {
  int tried, read, noted, refused, kinds;
  kind kind[MOST_KINDS];
} outcome;

typedef struct damage_run {
  csro_context context;
  temporary files;
  made_file text; /* what is printed */
  outcome outcome;
} damage_run;

static void print(damage_run *run, const char *text, ...) {
  char line[8192];
  va_list arguments;
  va_start(arguments, text);
  vsnprintf(line, sizeof line, text, arguments);
  va_end(arguments);
  made_append(&run->text, line, strlen(line));
}

/* Digits become one N, quoted texts one Q. */
static void make_pattern(const char *text, char *pattern) {
  while (*text) {
    if (*text == '\'') {
      const char *end = strchr(text + 1, '\'');
      *pattern++ = 'Q';
      text = end ? end + 1 : text + 1;
    } else if (isdigit((unsigned char)*text)) {
      *pattern++ = 'N';
      while (isdigit((unsigned char)*text))
        text++;
    } else {
      *pattern++ = *text++;
    }
  }
  *pattern = 0;
}

static void add_text(outcome *out, const char *text) {
  char pattern[1200];
  make_pattern(text, pattern);
  int i = 0;
  while (i < out->kinds && strcmp(out->kind[i].pattern, pattern) != 0)
    i++;
  if (i == MOST_KINDS)
    return;
  if (i == out->kinds) {
    strcpy(out->kind[i].pattern, pattern);
    snprintf(out->kind[i].example, sizeof out->kind[i].example, "%s", text);
    out->kind[i].count = 0;
    out->kinds++;
  }
  out->kind[i].count++;
}

/* The first line of a note, unless it says what it says of the undamaged file too. */
static void add_note(outcome *out, const char *note) {
  char line[1000];
  if (!note || !*note || strncmp(note, "V_DC is in", 10) == 0 ||
      strncmp(note, "section 'notes'", 15) == 0 || strncmp(note, ".ato of", 7) == 0)
    return;
  snprintf(line, sizeof line, "%.*s", (int)strcspn(note, "\n"), note);
  out->noted++;
  add_text(out, line);
}

/* What people type, from a file here as everything else. */
static csro_status read_typed(csro_context *context, const char *path) {
  static const char *const species[] = {"Ni", "Co", "Cr", "Fe", "Al"};
  char text[256] = "";
  FILE *file = fopen(path, "rb");
  if (file && fread(text, 1, sizeof text - 1, file) == 0)
    text[0] = 0;
  if (file)
    fclose(file);
  if (strcmp(strrchr(path, '.'), ".box") == 0) {
    double box[6];
    return csro_box_parse(context, text, box);
  }
  int count;
  csro_pair *pair;
  csro_status status = csro_pairs_parse(context, text, 5, species, &count, &pair);
  free(pair);
  return status;
}

static csro_status read_one(damage_run *run, const char *path, char *note, size_t room) {
  const char *ending = strrchr(path, '.');
  csro_ions ions;
  csro_ranges *ranges = NULL;
  csro_model *model = NULL;
  csro_status status;
  note[0] = 0;
  if (strcmp(ending, ".pairs") == 0 || strcmp(ending, ".box") == 0) {
    status = read_typed(&run->context, path);
  } else if (strcmp(ending, ".xml") == 0) {
    status = csro_model_read(&run->context, path, &model);
  } else if (strstr(".rrng .rng .env", ending)) {
    status = csro_ranges_read(&run->context, path, &ranges);
    if (ranges)
      snprintf(note, room, "%s", ranges->report);
  } else {
    status = csro_ions_read(&run->context, path, 0, 1, &ions);
    if (ions.note)
      snprintf(note, room, "%s", ions.note);
    csro_ions_release(&ions);
  }
  csro_ranges_destroy(&ranges);
  csro_model_destroy(&model);
  return status;
}

static void try_file(damage_run *run, const char *name, const void *data, size_t size) {
  outcome *out = &run->outcome;
  char note[1000];
  const char *path = temporary_write(&run->files, name, data, size);
  out->tried++;
  if (read_one(run, path, note, sizeof note) == CSRO_OK) {
    out->read++;
    add_note(out, note);
    return;
  }
  out->refused++;
  const char *message = run->context.message, *at = strstr(message, run->files.folder);
  add_text(out, at == message ? message + strlen(run->files.folder) + 1 : message);
}

static int compare_kinds(const void *a, const void *b) {
  const kind *x = a, *y = b;
  return x->count != y->count ? y->count - x->count : strcmp(x->pattern, y->pattern);
}

/* The most frequent texts; a bar would end the cell of the table. */
static void end_row_with(damage_run *run, const char *ending, const char *damage, int most) {
  outcome *out = &run->outcome;
  qsort(out->kind, (size_t)out->kinds, sizeof *out->kind, compare_kinds);
  print(run, "| %s | %s | %d | %d | %d |", ending, damage, out->tried, out->read, out->refused);
  for (int i = 0; i < out->kinds && i < most; i++) {
    for (char *p = out->kind[i].example; *p; p++)
      *p = *p == '|' || *p == '`' ? '?' : *p;
    print(run, "%s `%s`", i ? "<br>" : "", out->kind[i].example);
  }
  if (out->kinds > most)
    print(run, "<br> and %d more kinds", out->kinds - most);
  print(run, " |\n");
  memset(out, 0, sizeof *out);
}

static void end_row(damage_run *run, const char *ending, const char *damage) {
  end_row_with(run, ending, damage, SHOWN);
}

static void cut(damage_run *run, const format *f) {
  for (size_t i = 0; i < CUTS; i++)
    try_file(run, f->name, f->file.data, f->file.size * i / CUTS);
  end_row(run, strrchr(f->name, '.'), "cut off at every 1/64");
}

static void flip(damage_run *run, const format *f) {
  csro_random random;
  csro_random_init(&random, 11, 0);
  for (int i = 0; i < FLIPS; i++) {
    uint64_t bit = csro_random_below(&random, 8 * f->file.size);
    f->file.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
    try_file(run, f->name, f->file.data, f->file.size);
    f->file.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
  }
  end_row(run, strrchr(f->name, '.'), "one random bit flipped");
}

static void swap(damage_run *run, const format *f) {
  made_file swapped = {NULL, 0, 0};
  made_append(&swapped, f->file.data, f->file.size);
  for (size_t i = 0; i + 4 <= swapped.size; i += 4)
    for (size_t k = 0; k < 4; k++)
      swapped.data[i + k] = f->file.data[i + 3 - k];
  try_file(run, f->name, swapped.data, swapped.size);
  end_row(run, strrchr(f->name, '.'), "bytes of every 32-bit word swapped");
  free(swapped.data);
}

static void misname(damage_run *run, const format *formats, int count, int own) {
  for (int i = 0; i < count; i++)
    if (i != own)
      try_file(run, formats[i].name, formats[own].file.data, formats[own].file.size);
  end_row_with(run, strrchr(formats[own].name, '.'), "under the name of each other format", count);
}

static void try_text(damage_run *run, const char *name, const char *damage, const char *text) {
  try_file(run, name, text, strlen(text));
  end_row(run, strrchr(name, '.'), damage);
}

/* One number of a binary file replaced. */
static void try_number(damage_run *run, const format *f, const char *damage, size_t byte,
                       uint64_t value, int size, bool little) {
  made_file changed = {NULL, 0, 0};
  made_append(&changed, f->file.data, f->file.size);
  for (int k = 0; k < size; k++)
    changed.data[byte + (size_t)(little ? k : size - 1 - k)] = (unsigned char)(value >> 8 * k);
  try_file(run, f->name, changed.data, changed.size);
  if (damage)
    end_row(run, strrchr(f->name, '.'), damage);
  free(changed.data);
}

static size_t find_section(const made_file *file, int index) {
  size_t p = 0;
  for (int found = -1; found < index; p++)
    found += memcmp(file->data + p, "SEC", 4) == 0;
  return p - 1;
}

static void numbers(damage_run *run, const format *pos, const format *epos, const format *apt) {
  static const struct {
    uint32_t bits;
    const char *name;
  } values[] = {{0x7fc00000, "a NaN among the masses"},
                {0x7f800000, "an infinity among the masses"},
                {0x00000001, "a denormal among the masses"}};
  size_t mass = find_section(&apt->file, 5) + 148;
  for (int k = 0; k < 3; k++) {
    try_number(run, pos, values[k].name, 16 * 5 + 12, values[k].bits, 4, false);
    try_number(run, epos, values[k].name, 44 * 5 + 12, values[k].bits, 4, false);
    try_number(run, apt, values[k].name, mass + 4 * 5, values[k].bits, 4, true);
  }
  try_text(run, "ions.csv", values[0].name, "1,2,3,4\n5,6,7,nan\n");
  try_text(run, "ions.csv", values[1].name, "1,2,3,4\n5,6,7,inf\n");
  try_text(run, "ions.csv", values[2].name, "1,2,3,4\n5,6,7,1e-310\n");
  try_text(run, "ions.csv", "a number beyond double", "1,2,3,4\n5,6,7,1e310\n");
}

/* A model file: begin, text `count` times (%d is the number), end. */
static void try_repeated(damage_run *run, const char *damage, const char *begin, const char *text,
                         int count, const char *end) {
  size_t room = strlen(begin) + (size_t)count * (strlen(text) + 12) + strlen(end) + 1;
  char *data = malloc(room);
  if (!data)
    exit(1);
  char *at = data + sprintf(data, "%s", begin);
  for (int k = 0; k < count; k++) {
    const char *number = strstr(text, "%d");
    at += number ? sprintf(at, "%.*s%d%s", (int)(number - text), text, k, number + 2)
                 : sprintf(at, "%s", text);
  }
  sprintf(at, "%s", end);
  try_text(run, "model.xml", damage, data);
  free(data);
}

static void counts(damage_run *run, const format *apt, const format *model) {
  size_t tof = find_section(&apt->file, 0), mass = find_section(&apt->file, 5);
  try_number(run, apt, "one ion more declared", 532, IONS + 1, 8, true);
  try_number(run, apt, "2^31 ions declared", 532, UINT64_C(1) << 31, 8, true);
  try_number(run, apt, "2^31 records of Mass declared", mass + 132, UINT64_C(1) << 31, 8, true);
  try_number(run, apt, "one record of tof more declared", tof + 132, IONS + 1, 8, true);
  try_number(run, apt, "2^63 - 1 bytes of tof declared", tof + 140, INT64_MAX, 8, true);
  try_number(run, apt, "a section header of 2^31 - 1 bytes", tof + 4, INT32_MAX, 4, true);
  try_text(run, "ranges.rrng", "one range more declared",
           "[Ions]\nIon1=Ni\n[Ranges]\nNumber=2\nRange1=1 2 Ni:1\n");
  try_text(run, "ranges.rrng", "2^31 ranges declared",
           "[Ions]\nIon1=Ni\n[Ranges]\nNumber=2147483648\nRange1=1 2 Ni:1\n");
  try_text(run, "ranges.rrng", "an element 1000000 times in a range",
           "[Ranges]\nRange1=1 2 Ni:1000000\n");
  try_text(run, "ranges.rng", "one ion more declared", "2 1\nNickel\nNi 0 1 0\n---- Ni\n. 1 2 1\n");
  try_text(run, "ranges.rng", "one multiplicity too many",
           "1 1\nNickel\nNi 0 1 0\n---- Ni\n. 1 2 1 0\n");
  try_text(run, "ranges.rng", "2^31 ranges declared",
           "1 2147483648\nNickel\nNi 0 1 0\n---- Ni\n. 1 2 1\n");
  try_text(run, "ranges.env", "one range more declared", "1 2\nNi 0 1 0\nNi 1 2 10 0.1\n");
  char *text = malloc(model->file.size + 16), *count;
  memcpy(text, model->file.data, model->file.size + 1);
  count = strstr(text, "count=\"34\"");
  memcpy(count, "count=\"35\"", 10);
  try_text(run, "model.xml", "one weight more declared", text);
  try_text(run, "model.xml", "a document type", "<!DOCTYPE a [<!ENTITY b \"c\">]>\n<a>&b;</a>\n");
  try_text(run, "model.xml", "empty", "");
  try_repeated(run, "200 attributes of an element", "<csro-model", " a%d='1'", 200, "/>");
  try_repeated(run, "an attribute of 2000 bytes", "<csro-model version='", "1", 2000, "'/>");
  try_repeated(run, "100000 elements", "<csro-model>", "<a/>", 100000, "</csro-model>");
  try_repeated(run, "1000 elements within each other", "", "<a>", 1000, "");
  try_repeated(run, "a text of 20000 bytes", "<csro-model><name>", "x", 20000,
               "</name></csro-model>");
  try_text(run, "model.xml", "a foreign encoding",
           "<?xml version=\"1.0\" encoding=\"UTF-7\"?>\n<csro-model/>\n");
  free(text);
}

static void versions(damage_run *run) {
  for (int version = 3; version <= 6; version++) {
    made_file ato = made_ato(IONS, version, true), big = made_ato(IONS, version, false);
    char damage[64];
    snprintf(damage, sizeof damage, "version %d", version);
    try_file(run, "ions.ato", ato.data, ato.size);
    end_row(run, ".ato", damage);
    snprintf(damage, sizeof damage, "version %d, big-endian", version);
    try_file(run, "ions.ato", big.data, big.size);
    end_row(run, ".ato", damage);
    free(ato.data), free(big.data);
  }
}

static void sizes(damage_run *run) {
  made_file pos = made_pos(1, false), epos = made_epos(1, 5000, false), apt = made_apt(1);
  try_file(run, "ions.pos", "", 0);
  end_row(run, ".pos", "no ion");
  try_file(run, "ions.pos", pos.data, pos.size);
  end_row(run, ".pos", "one ion");
  try_file(run, "ions.epos", "", 0);
  end_row(run, ".epos", "no ion");
  try_file(run, "ions.epos", epos.data, epos.size);
  end_row(run, ".epos", "one ion");
  try_file(run, "ions.apt", apt.data, apt.size);
  end_row(run, ".apt", "one ion");
  apt.data[532] = 0;
  try_file(run, "ions.apt", apt.data, apt.size);
  end_row(run, ".apt", "no ion declared");
  try_text(run, "ions.csv", "no ion", "x,y,z,m\n");
  try_text(run, "ions.csv", "one ion", "1,2,3,4");
  try_text(run, "ranges.rrng", "no range", "[Ions]\nIon1=Ni\n[Ranges]\nNumber=0\n");
  try_text(run, "ranges.rng", "no range", "1 0\nNickel\nNi 0 1 0\n");
  try_text(run, "ranges.env", "no range", "1 0\nNi 0 1 0\n");
  free(pos.data), free(epos.data), free(apt.data);
}

static void doubtful_ranges(damage_run *run) {
  try_text(run, "ranges.rrng", "ranges that overlap",
           "[Ions]\nIon1=Ni\n[Ranges]\nRange1=1 3 Ni:1\nRange2=2 4 Ni:1\n");
  try_text(run, "ranges.rrng", "a range twice",
           "[Ions]\nIon1=Ni\n[Ranges]\nRange1=1 3 Ni:1\nRange2=1 3 Ni:1\n");
  try_text(run, "ranges.rrng", "ranges that touch",
           "[Ions]\nIon1=Ni\n[Ranges]\nRange1=1 3 Ni:1\nRange2=3 4 Ni:1\n");
  try_text(run, "ranges.rrng", "an inverted range", "[Ions]\nIon1=Ni\n[Ranges]\nRange1=3 1 Ni:1\n");
  try_text(run, "ranges.rrng", "an end that is NaN", "[Ranges]\nRange1=nan 1 Ni:1\n");
  try_text(run, "ranges.rrng", "an end of 1e300 Da",
           "[Ions]\nIon1=Ni\n[Ranges]\nRange1=1 1e300 Ni:1\n");
  try_text(run, "ranges.rrng", "a name that is a formula and an isotope",
           "[Ions]\nIon1=H\n[Ranges]\nRange1=1.9 2.1 Name:H2\n");
  try_text(run, "ranges.rrng", "a name that fits as neither",
           "[Ions]\nIon1=Fe\n[Ranges]\nRange1=60 61 Name:Fe56\n");
  try_text(run, "ranges.rrng", "a name that contradicts the composition",
           "[Ions]\nIon1=Fe\n[Ranges]\nRange1=55 57 Name:Al Fe:1\n");
  try_text(run, "ranges.rrng", "one name for two compositions",
           "[Ions]\nIon1=Fe\n[Ranges]\nRange1=55 57 Name:x Fe:1\nRange2=110 114 Name:x Fe:2\n");
  try_text(run, "ranges.rrng", "a species called unranged",
           "[Ions]\nIon1=Fe\n[Ranges]\nRange1=55 57 Name:unranged\n");
  try_text(run, "ranges.rng", "a range of zeros",
           "1 2\nNickel\nNi 0 1 0\n---- Ni\n. 57 62 1\n. 1 2 0\n");
}

/* What only decorates, and the habits of programs: no reason to refuse a file. */
static void decorated_ranges(damage_run *run) {
  try_text(run, "ranges.rrng", "a colour of five digits, a volume that is NaN",
           "[Ions]\nIon1=Al\n[Ranges]\nRange1=26 28 Al:1 Color:3FFFF Vol:NaN\n");
  try_text(run, "ranges.rng", "a colour above one", "1 1\nAl\nAl 3 4 5\n---- Al\n. 26 28 1\n");
  try_text(run, "ranges.env", "a colour that is none, a negative volume",
           "1 1\nAl red\nAl 26 28 -1 0.1\n");
  try_text(run, "ranges.env", "other sections behind the ranges",
           "1 1\nAl 0 1 1\nAl 26 28 16 0.1\n# Flight length\n0.1\n");
  try_text(run, "ranges.rng", "rows without a point, text behind a colour, comments",
           "# ours\n1 1\nAl\nAl 0 1 1 (Al)\n---- Al\n26 28 1\n");
  try_text(run, "ranges.rrng", "blanks behind colons, a comment, Ctrl-Z, CR at the ends of lines",
           "; ours\r[Ions]\rIon1=Al\r[Ranges]\rRange1=26 28 Al: 1 Name: Al\r\x1a");
  try_text(run, "ranges.rrng", "an empty ion and an empty range",
           "[Ions]\nIon1=Al\nIon2=\n[Ranges]\nRange1=26 28 Al:1\nRange2=\n");
  try_text(run, "ranges.rrng", "Latin-1",
           "[Ions]\nIon1=R\xFC\n[Ranges]\nRange1=26 28 Name:R\xFC\n");
}

/* Text that programs write and that is not what it seems. */
static void odd_text(damage_run *run) {
  static const char utf16[] = "\xff\xfe"
                              "1\0,\0002\0,\0003\0,\0004\0\n";
  for (size_t i = 0; i < 2; i++)
    try_file(run, "ions.csv", utf16 + 2 * i, sizeof utf16 - 2 * i);
  end_row(run, ".csv", "UTF-16, with and without its mark");
  for (int i = 0; i < 3; i++) {
    static const char *const names[] = {"ranges.rrng", "ranges.rng", "ranges.env"};
    try_file(run, names[i], utf16, sizeof utf16);
    end_row(run, strrchr(names[i], '.'), "UTF-16");
  }
  try_text(run, "ions.csv", "an index in front of x, named",
           "ion,x,y,z,m\n0,1.5,2,3,58\n1,1.6,2,3,58\n");
  try_text(run, "ions.csv", "an index in front of x, without a name", "x y z m\n1 1.5 2 3 58\n");
  try_text(run, "ions.csv", "columns that are numbered only", "0,1,2,3\n1.5,2,3,58\n");
  try_text(run, "ions.csv", "decimal commas among semicolons", "x;y;z;m\n1,5;2;3;58,0\n");
  try_text(run, "ions.csv", "decimal commas among commas", "x,y,z,m\n1,5,2,0,3,0,58,0\n");
  try_text(run, "ions.csv", "a byte order mark and quoted names",
           "\xEF\xBB\xBF\"x\",\"y\",\"z\",\"m\"\r\n1.5,2,3,58\r\n");
  try_text(run, "ions.csv", "quoted numbers", "\"1.5\",\"2\",\"3\",\"58\"\n");
  try_text(run, "ions.csv", "lines that end with CR, and a final 0x1A",
           "x,y,z,m\r1.5,2,3,58\r1.5,2,3,58\r\x1a");
  try_text(run, "ranges.rrng", "empty", "");
  try_text(run, "ranges.rng", "empty", "");
  try_text(run, "ranges.env", "empty", "");
  try_text(run, "ranges.rrng", "no list of ions", "[Ranges]\nRange1=1 2 Ni:1\n");
  try_text(run, "ranges.rng", "lines that end as on Windows",
           "1 1\r\nNickel\r\nNi 0 1 0\r\n---- Ni\r\n. 1 2 1\r\n");
}

/* Names and units of columns, which must fit each other. */
static void names(damage_run *run, const format *apt) {
  try_text(run, "ions.csv", "the mass is not the fourth column", "x,y,z,tof,m\n1.5,2,3,512,58\n");
  try_text(run, "ions.csv", "as ParaView writes ions",
           "\"MassToCharge\",\"IonId\",\"Points:0\",\"Points:1\",\"Points:2\"\n58,0,1.5,2,3\n");
  try_text(run, "ions.csv", "x, y and z in angstrom", "x (A),y (A),z (A),Da\n15,20,30,58\n");
  try_text(run, "ions.csv", "one axis in angstrom, the others without a unit",
           "x (A),y,z,Da\n15,2,3,58\n");
  try_text(run, "ions.csv", "an unknown unit", "x (px),y (px),z (px),Da\n15,20,30,58\n");
  try_text(run, "ions.csv", "two columns named x", "x,y,z,m,X (nm)\n1.5,2,3,58,1\n");
  try_text(run, "ions.csv", "two masses", "x,y,z,Da,m/q\n1.5,2,3,58,29\n");
  try_text(run, "ions.csv", "no mass, but detector columns", "x,y,z,x_det,y_det\n1.5,2,3,5,5\n");
  try_text(run, "ions.csv", "names that tell nothing", "V1,V2,V3,V4\n1.5,2,3,58\n");
  try_text(run, "ions.csv", "a comment that names the columns", "# x y m z\n1.5 2 58 3\n");
  size_t unit = find_section(&apt->file, 1) + 100;
  try_number(run, apt, "Position in angstrom", unit, 'A', 4, true);
  try_number(run, apt, "Position in an unknown unit", unit, 'q', 4, true);
}

/* As many ions as make whole records of the other format too. */
static void other_records(damage_run *run) {
  made_file pos = made_pos(44, false), epos = made_epos(44, 5000, false);
  try_file(run, "ions.epos", pos.data, pos.size);
  end_row(run, ".pos", "of 44 ions, named .epos");
  try_file(run, "ions.pos", epos.data, epos.size);
  end_row(run, ".epos", "of 44 ions, named .pos");
  free(pos.data), free(epos.data);
}

static void voltage(damage_run *run, const char *damage, float volts) {
  char note[1000];
  made_file epos = made_epos(44, volts, false);
  const char *path = temporary_write(&run->files, "ions.epos", epos.data, epos.size);
  run->outcome.tried = 1;
  run->outcome.read = read_one(run, path, note, sizeof note) == CSRO_OK;
  note[strcspn(note, "\n")] = 0;
  if (*note)
    add_text(&run->outcome, note);
  end_row(run, ".epos", damage);
  free(epos.data);
}

static made_file text_file(const char *text) {
  made_file file = {NULL, 0, 0};
  made_append(&file, text, strlen(text) + 1);
  file.size--;
  return file;
}

static made_file make_csv(void) {
  made_file file = text_file("x,y,z,m\n");
  for (int i = 0; i < IONS; i++) {
    char line[200];
    int n = snprintf(line, sizeof line, "%.3f,%.3f,%.3f,%.5f\n", (double)made_value(i, 0),
                     (double)made_value(i, 1), (double)made_value(i, 2), (double)made_value(i, 3));
    made_append(&file, line, (size_t)n);
  }
  return file;
}

/* One dense layer from 17 bins to 2 classes, all weights zero. */
static made_file make_model(void) {
  made_file file = text_file(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<csro-model xmlns=\"urn:apt-csro:model:1\" version=\"1\">\n<name>t</name>\n"
      "<classes><class role=\"random\">F</class><class role=\"ordered\">C</class></classes>\n"
      "<channels><pair>Co-Co</pair></channels>\n"
      "<bins half-range=\"1.5\" total=\"40\" first=\"10\" kept=\"17\"/>\n"
      "<preprocessing>minmax</preprocessing>\n"
      "<lattice structure=\"fcc\" orientation=\"002\" constant=\"0.36\"/>\n"
      "<threshold>3.75</threshold>\n<training>none</training>\n"
      "<architecture><flatten/><dense units=\"2\" activation=\"softmax\"/></architecture>\n"
      "<member>\n<weights layer=\"1\" kind=\"kernel\" count=\"34\">");
  for (int i = 0; i < 136 / 3; i++)
    made_append(&file, "AAAA", 4);
  static const char end[] = "AA==</weights>\n<weights layer=\"1\" kind=\"bias\" count=\"2\">"
                            "AAAAAAAAAAA=</weights>\n</member>\n</csro-model>\n";
  made_append(&file, end, sizeof end);
  file.size--;
  return file;
}

/* Pairs and boxes. */
static void typed(damage_run *run) {
  format formats[] = {{"typed.pairs", text_file("Ni-Ni, Co-Cr;Fe-Fe+Al-Al")},
                      {"typed.box", text_file("-10,10,-10.5,10,-120,0")}};
  for (int i = 0; i < 2; i++) {
    const format *f = &formats[i];
    for (size_t size = 0; size < f->file.size; size++)
      try_file(run, f->name, f->file.data, size);
    end_row(run, strrchr(f->name, '.'), "cut off behind every character");
    flip(run, f);
    free(f->file.data);
  }
  try_text(run, "typed.pairs", "a comma only", ",");
  try_text(run, "typed.pairs", "an unknown species", "Ni-Ni,W-W");
  try_text(run, "typed.pairs", "one species", "Ni");
  try_text(run, "typed.box", "two numbers", "1,2");
  try_text(run, "typed.box", "seven numbers", "1,2,3,4,5,6,7");
  try_text(run, "typed.box", "a NaN", "0,10,0,10,nan,0");
  try_text(run, "typed.box", "a number beyond double", "0,10,0,10,0,1e400");
}

static void run_all(damage_run *run) {
  enum { format_count = 9 };
  format formats[format_count] = {
      {"ions.pos", made_pos(IONS, false)},
      {"ions.epos", made_epos(IONS, 5000, false)},
      {"ions.apt", made_apt(IONS)},
      {"ions.csv", make_csv()},
      {"ranges.rrng", text_file("[Ions]\nNumber=2\nIon1=Ni\nIon2=O\n[Ranges]\nNumber=3\n"
                                "Range1=57.9 58.2 Vol:0.01094 Ni:1 Color:00CC00\n"
                                "Range2=73.0 74.5 Vol:0.04 Ni:1 O:1 Color:FF0000\n"
                                "Range3=31.5 32.5 Vol:0.05 O:2 Color:0000FF\n")},
      {"ranges.rng", text_file("2 3\nNickel\nNi 0.25 0.8 0.0\nOxygen\nO 1 0 0\n------------ Ni O\n"
                               ". 57.5 58.5 1 0\n. 15.5 16.5 0 1\n. 73.5 74.5 1 1\n")},
      {"ranges.env", text_file("2 3\nNi 0.25 1 0\nO 1 0 0\nNi 57.5 58.5 10.94 0.1\n"
                               "O 15.5 16.5 28.83 0.1\nNi 28.75 29.25 10.94 0.1\n")},
      {"model.xml", make_model()},
      {"ions.ato", made_ato(IONS, 3, true)},
  };
  print(run, "| file | damage | tried | read | refused | what the user is told |\n"
             "|---|---|---:|---:|---:|---|\n");
  for (int i = 0; i < format_count; i++)
    cut(run, &formats[i]);
  for (int i = 0; i < format_count; i++)
    flip(run, &formats[i]);
  for (int i = 0; i < format_count; i++)
    swap(run, &formats[i]);
  for (int i = 0; i < format_count; i++)
    misname(run, formats, format_count, i);
  counts(run, &formats[2], &formats[7]);
  numbers(run, &formats[0], &formats[1], &formats[2]);
  versions(run);
  sizes(run);
  doubtful_ranges(run);
  decorated_ranges(run);
  odd_text(run);
  names(run, &formats[2]);
  other_records(run);
  voltage(run, "V_DC in V", 5000);
  voltage(run, "V_DC in kV", 5);
  typed(run);
  for (int i = 0; i < format_count; i++)
    free(formats[i].file.data);
}

/* The table must stand in the file as it is printed. */
static bool stands_in(const damage_run *run, const char *path) {
  made_file document = {NULL, 0, 0};
  char buffer[4096];
  FILE *file = fopen(path, "rb");
  for (size_t n; file && (n = fread(buffer, 1, sizeof buffer, file)) > 0;)
    made_append(&document, buffer, n);
  if (file)
    fclose(file);
  made_append(&document, "", 1);
  bool found = strstr((char *)document.data, (char *)run->text.data) != NULL;
  free(document.data);
  return found;
}

int main(int argc, char **argv) {
  static damage_run run;
  csro_context_init(&run.context);
  run.context.threads = 1; /* tiny files */
  temporary_make(&run.files);
  run_all(&run);
  temporary_remove(&run.files);
  made_append(&run.text, "", 1);
  int status = 0;
  if (argc < 2)
    fputs((char *)run.text.data, stdout);
  else if (!stands_in(&run, argv[1])) {
    fprintf(stderr, "%s does not hold the table that %s prints\n", argv[1], argv[0]);
    status = 1;
  }
  free(run.text.data);
  return status;
}
