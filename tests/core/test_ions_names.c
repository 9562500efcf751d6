/* Text files of ions whose columns are told by their names. */
#include "check.h"
#include "csro/ions.h"
#include "temporary.h"

static temporary files;

static bool near(double a, double b) {
  return fabs(a - b) <= 1e-12 * fabs(b);
}

/* The two ions (1.5, -2, 30) 58.25 and (-4, 0.5, 6) 7. */
static void check_ions(csro_context *context, const char *text, const char *note) {
  csro_ions ions;
  const char *path = temporary_text(&files, "a.csv", text);
  context->message[0] = 0;
  if (csro_ions_read(context, path, 0, 1, &ions) != CSRO_OK) {
    fprintf(stderr, "'%s': %s\n", text, context->message);
    check_failures++;
    return;
  }
  const double *p = ions.xyz, *m = ions.mass;
  bool good = ions.count == 2 && near(p[0], 1.5) && near(p[1], -2) && near(p[2], 30) &&
              near(m[0], 58.25) && near(p[3], -4) && near(p[4], 0.5) && near(p[5], 6) &&
              near(m[1], 7);
  if (!good || (note ? !strstr(ions.note, note) : ions.note[0] != 0)) {
    fprintf(stderr, "'%s' gives %g %g %g %g ..., note '%s', expected '%s'\n", text, p[0], p[1],
            p[2], m[0], ions.note, note ? note : "");
    check_failures++;
  }
  csro_ions_release(&ions);
}

/* Names of x and m/q, each among the other columns. */
static void test_names(csro_context *context) {
  static const char *const axes[] = {
      "x,y,z",
      "X,Y,Z",
      "x (nm),y (nm),z (nm)",
      "X [nm],Y [nm],Z [nm]",
      "x(nm),y(nm),z(nm)",
      "x_nm,y_nm,z_nm",
      "x nm,y nm,z nm",
      "x/nm,y/nm,z/nm",
      "\"x, nm\",\"y, nm\",\"z, nm\"",
      "x in nm,y in nm,z in nm",
      " \"x\" , \"y\" , \"z\" ",
      "Points:0,Points:1,Points:2",
      "\"Points:0\",\"Points:1\",\"Points:2\"",
      "Points_0,Points_1,Points_2",
      "points_X,points_Y,points_Z",
      "pos_x,pos_y,pos_z",
      "PosX,PosY,PosZ",
      "X-Position,Y-Position,Z-Position",
      "position (x),position (y),position (z)",
      "x coord,y coord,z coord",
      "X Reconstructed [nm],Y Reconstructed [nm],Z Reconstructed [nm]",
      "Ion X,Ion Y,Ion Z",
  };
  static const char *const masses[] = {"m",
                                       "M",
                                       "Da",
                                       "amu",
                                       "m/q",
                                       "m/n",
                                       "m/z",
                                       "m/q (Da)",
                                       "m/n_Da",
                                       "mc",
                                       "mc (Da)",
                                       "mc_Da",
                                       "Mass",
                                       "Mass [Da]",
                                       "mass (amu)",
                                       "Mass/Da",
                                       "mass_u",
                                       "MassToCharge",
                                       "mass-to-charge",
                                       "mass_to_charge_Da",
                                       "Mass to charge ratio (Da)",
                                       "\"Mass-to-Charge-State Ratio [Da]\"",
                                       "mass/charge",
                                       "MASS/Q"};
  for (size_t a = 0; a < sizeof axes / sizeof *axes; a++)
    for (size_t m = 0; m < sizeof masses / sizeof *masses; m++) {
      char text[400];
      snprintf(text, sizeof text, "tof,%s,%s,x_det\n0.1,58.25,1.5,-2,30,9\n0.2,7,-4,.5,6,9\n",
               masses[m], axes[a]);
      check_ions(context, text, NULL);
      snprintf(text, sizeof text, "%s,tof (ns),%s\n1.5,-2,30,512,58.25\n-4,.5,6,640,7\n", axes[a],
               masses[m]);
      check_ions(context, text, NULL);
    }
}

/* Whole headers as programs and scripts write them. */
static void test_headers(csro_context *context) {
  static const char *const texts[] = {
      "\"MassToCharge\",\"IonId\",\"Species\",\"Points:0\",\"Points:1\",\"Points:2\"\n"
      "58.25,0,1,1.5,-2,30\n7,1,0,-4,.5,6\n",
      "Point ID,IonId,MassToCharge,Points_0,Points_1,Points_2,Points_Magnitude,Species\n"
      "0,0,58.25,1.5,-2,30,30,1\n1,1,7,-4,.5,6,7,0\n",
      "x (nm),y (nm),z (nm),mc (Da),mc_uc (Da),high_voltage (V),pulse,t (ns),x_det (cm),y_det "
      "(cm)\n1.5,-2,30,58.25,1,2,3,4,5,6\n-4,.5,6,7,1,2,3,4,5,6\n",
      ",x,y,z,m\n0,1.5,-2,30,58.25\n1,-4,.5,6,7\n",
      "\"\",\"x\",\"y\",\"z\",\"Da\"\n\"1\",1.5,-2,30,58.25\n\"2\",-4,.5,6,7\n",
      "Unnamed: 0,x,y,z,m\n0,1.5,-2,30,58.25\n1,-4,.5,6,7\n",
      "x y z m\n1.5 -2 30 58.25\n-4 .5 6 7\n",
      "x (nm) y (nm) z (nm) m/q (Da)\n1.5 -2 30 58.25\n-4 .5 6 7\n",
      "m x y z\n58,25 1,5 -2 30\n7 -4 0,5 6\n",
      "x, y, z, m\n1.5 -2 30 58.25\n-4 .5 6 7\n",
      "x\ty\tm\tz\n1.5\t-2\t58.25\t30\n-4\t.5\t7\t6\n",
      "Da;x;y;z\n58,25;1,5;-2;30\n7;-4;0,5;6\n",
      "x_nm,y_nm,z_nm,mass_to_charge_Da,IonId,x,Da,\n1.5,-2,30,58.25,0,9,9,9\n-4,.5,6,7,1,9,9,9\n",
      "x,y,z,m,\n1.5,-2,30,58.25,1\n-4,.5,6,7,1\n",
      "x,,y,z,m\n1.5,9,-2,30,58.25\n-4,9,.5,6,7\n",
      "x(nm),y(nm),z(nm),m,x(det),y(det)\n1.5,-2,30,58.25,1,1\n-4,.5,6,7,1,1\n",
      "det_x,det_y,x,y,z,m\n1,1,1.5,-2,30,58.25\n1,1,-4,.5,6,7\n",
      "m,Mn,Fe,x,y,z\n58.25,1,1,1.5,-2,30\n7,1,1,-4,.5,6\n",
  };
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
    const bool own = strstr(texts[t], ",x,Da,\n") != NULL;
    check_ions(context, texts[t], own ? "x is column 1 'x_nm', not column 6 'x'" : NULL);
  }
}

static void test_units(csro_context *context) {
  static const struct {
    const char *text, *note;
  } cases[] = {
      {"x (A),y (A),z (A),m\n15,-20,300,58.25\n-40,5,60,7\n",
       "line 1: x is in angstrom, converted to nm; y is in angstrom, converted to nm"},
      {"x(\xc3\x85),y(\xe2\x84\xab),z (\xc5),m\n15,-20,300,58.25\n-40,5,60,7\n", "angstrom"},
      {"x_angstrom,y_A,z_Angstroms,m\n15,-20,300,58.25\n-40,5,60,7\n", "angstrom"},
      {"x [pm],y [pm],z [pm],m\n1500,-2000,30000,58.25\n-4000,500,6000,7\n", "x is in pm"},
      {"x (\xc2\xb5m),y (um),z (micron),m\n1.5e-3,-2e-3,3e-2,58.25\n-4e-3,5e-4,6e-3,7\n",
       "z is in micrometre"},
      {"x (m),y (m),z (m),m\n1.5e-9,-2e-9,3e-8,58.25\n-4e-9,5e-10,6e-9,7\n", "x is in metre"},
      {"x (nm),y (A),z,m\n1.5,-20,30,58.25\n-4,5,6,7\n", NULL},
      {"x (nm),y (A),z (nm),m\n1.5,-20,30,58.25\n-4,5,6,7\n", "line 1: y is in angstrom"},
      {"x,y,z,m (kDa)\n1.5,-2,30,.05825\n-4,.5,6,.007\n", "m/q is in kDa, converted to Da"},
      {"# x y m z\n1.5 -2 58.25 30\n-4 .5 7 6\n", "line 1 is a comment that names the columns"},
      {"% X (A), Y (A), Da, Z (A)\n# made today\n15 -20 58.25 300\n-40 5 7 60\n",
       "line 1: x is in angstrom"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    if (cases[i].note)
      check_ions(context, cases[i].text, cases[i].note);
}

static void test_contradictions(csro_context *context) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"a,b,c,d\n1,2,3,4\n", "line 1: no column of 'a,b,c,d' is named as x, expected names of x"},
      {"# 1\n\nx,y,z,tof\n1,2,3,4\n", "line 3: no column of 'x,y,z,tof' is named as m/q"},
      {"x_det,y_det,z,m\n1,2,3,4\n", "is named as x"},
      {"x,y,m\n1,2,3\n", "is named as z"},
      {"V1,V2,V3,V4\n1,2,3,4\n", "is named as x"},
      {"x,x,y,z,m\n1,2,3,4,5\n", "columns 1 'x' and 2 'x' are both named as x, expected one of"},
      {"x,y,z,m,X (nm)\n1,2,3,4,5\n", "columns 1 'x' and 5 'X (nm)' are both named as x"},
      {"x,y,z,Da,m/q\n1,2,3,4,5\n", "columns 4 'Da' and 5 'm/q' are both named as m/q"},
      {"Points:0,Points:1,Points:2,Da,x\n1,2,3,4,5\n", "are both named as x"},
      {"x (px),y (px),z (px),m\n1,2,3,4\n",
       "column 1 'x (px)' has the unit 'px', expected nm, angstrom (A), pm, um, mm, cm or m"},
      {"x,y,z,m (kg)\n1,2,3,4\n", "column 4 'm (kg)' has the unit 'kg', expected Da, u, amu"},
      {"x (A),y,z,m\n1,2,3,4\n", "'x (A)' is in angstrom, 'y' has no unit, expected one for each"},
      {"-x,y,z,m\n1,2,3,4\n", "is named as x"},
      {"x-y,y,z,m\n1,2,3,4\n", "is named as x"},
      {"Points_1,Points_2,Points_3,m\n1,2,3,4\n", "is named as x"},
      {"# x y z tof\n1 2 3 4\n", "line 1: no column of 'x y z tof' is named as m/q"},
      {"m,x,y,z\n1,2,3\n", "line 2: 3 columns in '1,2,3', the header names 4"},
      {"m,x,y,z\n1,2,c,4\n", "line 2: column 3 (y) is 'c', expected a finite number"},
      {"x,y,z,m\nnm,nm,nm,Da\n1,2,3,4\n", "line 2: column 1 (x) is 'nm'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    csro_ions ions;
    const char *path = temporary_text(&files, "a.csv", cases[i].text);
    CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
                cases[i].message);
  }
}

/* Comments that name nothing stay comments. */
static void test_comments(csro_context *context) {
  check_ions(context, "# the mass of x\n1.5 -2 30 58.25\n-4 .5 6 7\n", NULL);
  check_ions(context, "# x y z\n1.5 -2 30 58.25\n-4 .5 6 7\n", NULL);
  check_ions(context, "# m z y x\nx y z m\n1.5 -2 30 58.25\n-4 .5 6 7\n", NULL);
}

static void check_species(csro_context *context, const char *text, const char *const *expected) {
  csro_ions ions;
  const char *path = temporary_text(&files, "a.csv", text);
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK((ions.species != NULL) == (expected != NULL));
  for (int64_t i = 0; expected && ions.species && i < ions.count; i++) {
    const char *found = ions.species[i] ? ions.species_names[ions.species[i] - 1] : "";
    if (strcmp(found, expected[i]) != 0) {
      fprintf(stderr, "species of ion %d is '%s', expected '%s'\n", (int)i, found, expected[i]);
      check_failures++;
    }
  }
  csro_ions_release(&ions);
}

static void test_species(csro_context *context) {
  check_species(context, "x,y,z,m,Species\n1,2,3,4,1\n1,2,3,4,2\n", NULL);
  check_species(context, "x,y,z,m,ion\n1,2,3,4,0.5\n1,2,3,4,-2e3\n", NULL);
  check_species(context,
                "Species,x,y,z,m\nAl,1,2,3,4\nFe2O3,1,2,3,4\n\"Al\",1,2,3,4\nunranged,1,2,3,4\n,1,"
                "2,3,4\n59,1,2,3,4\n\"unranged\",1,2,3,4\n\"a,\"\"b\",1,2,3,4\n",
                (const char *const[]){"Al", "Fe2O3", "Al", "", "", "59", "unranged", "a,\"b"});
  check_species(context, "x y z m species\n1 2 3 4 Al\n1 2 3 4\n1 2 3 4 \xfcn \n",
                (const char *const[]){"Al", "", "\xc3\xbcn"});
  check_species(context, "element,x,y,z,m,Species\nA,1,2,3,4,\xc3\xa4\n",
                (const char *const[]){"\xc3\xa4"});
}

/* Names stand in the order of the file whatever chunks, threads and parts there are. */
static void test_species_parts(csro_context *context) {
  enum { count = 100000 };
  char *text = malloc(count * 60 + 100), *p = text;
  p += sprintf(p, "x,y,z,m,Species\n");
  for (int i = 0; i < count; i++)
    p += sprintf(p, "%d,0.1234567890123456,3,4,%s%d\n", i, i < 90000 ? "" : "S", i % 7);
  const char *path = temporary_write(&files, "a.csv", text, (size_t)(p - text));
  free(text);
  for (int parts = 1; parts <= 3; parts++) {
    int64_t first = 0;
    for (int part = 0; part < parts; part++) {
      csro_ions ions;
      context->threads = 1 + part;
      CHECK_OK(context, csro_ions_read(context, path, part, parts, &ions));
      CHECK(ions.species && ions.species_named == (part == parts - 1));
      for (int64_t i = 0; i < ions.count; i++) {
        char expected[16];
        snprintf(expected, sizeof expected, "%s%d", first + i < 90000 ? "" : "S",
                 (int)((first + i) % 7));
        CHECK(strcmp(ions.species_names[ions.species[i] - 1], expected) == 0);
      }
      first += ions.count;
      csro_ions_release(&ions);
    }
    CHECK_EQ(first, count);
  }
  context->threads = 1;
}

static void test_too_many_species(csro_context *context) {
  char *text = malloc(1 << 20), *p = text;
  csro_ions ions;
  p += sprintf(p, "x,y,z,m,Species\n");
  for (int i = 0; i < 5000; i++)
    p += sprintf(p, "1,2,3,4,%d\n", i);
  const char *path = temporary_write(&files, "a.csv", text, (size_t)(p - text));
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions)); /* an index */
  CHECK(ions.count == 5000 && !ions.species);
  csro_ions_release(&ions);
  p += sprintf(p, "1,2,3,4,Al\n");
  path = temporary_write(&files, "a.csv", text, (size_t)(p - text));
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
              "more than 4000 different names in the column of species");
  free(text);
}

/* What is written by name comes back by name. */
static void test_species_written(csro_context *context) {
  static char names[5][csro_species_name_size] = {"Al", "unranged", "59", "a,b \"c\"", "13C1 O1"};
  float xyz[18] = {1, 2, 3}, mass[6] = {1, 2, 3, 4, 5, 6};
  uint16_t label[6] = {0, 1, 2, 3, 4, 5};
  double other[6] = {9, 9, 9, 9, 9, 9};
  csro_column columns[] = {{"", "", CSRO_COLUMN_FLOAT64, 1, other},
                           {"x", "", CSRO_COLUMN_FLOAT64, 1, other},
                           {"x_nm", "", CSRO_COLUMN_FLOAT64, 1, other}};
  csro_ions ions = {.count = 6,
                    .xyz = xyz,
                    .mass = mass,
                    .column_count = 3,
                    .columns = columns,
                    .species = label,
                    .species_count = 5,
                    .species_names = names},
            back;
  char path[700];
  snprintf(path, sizeof path, "%s/b.csv", files.folder);
  CHECK_OK(context, csro_ions_write(context, &ions, path));
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &back));
  CHECK(back.count == 6 && back.species != NULL);
  for (int i = 0; i < 6 && back.species; i++) {
    CHECK(((double *)back.mass)[i] == i + 1 && ((double *)back.xyz)[3 * i] == (i == 0));
    const char *found = back.species[i] ? back.species_names[back.species[i] - 1] : "";
    CHECK(strcmp(found, i == 0 ? "" : names[i - 1]) == 0);
  }
  csro_ions_release(&back);
  label[3] = 6;
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_ERROR_DATA,
              "species of ion 3 (from 0) is 6, there are 5 names");
  unlink(path);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  context.threads = 1;
  temporary_make(&files);
  test_names(&context);
  test_headers(&context);
  test_units(&context);
  test_contradictions(&context);
  test_comments(&context);
  test_species(&context);
  test_species_parts(&context);
  test_too_many_species(&context);
  test_species_written(&context);
  temporary_remove(&files);
  return check_end();
}
