#include "simulate/simulated_elements.h"

#include <stdio.h>
#include <string.h>

static const csro_simulated_element elements[] = {
    {"Ag", 47, "BBBBBB", 0.01706}, {"Al", 13, "0099AA", 0.01660}, {"Au", 79, "CCAA00", 0.01696},
    {"B", 5, "666600", 0.00724},   {"C", 6, "663300", 0.00568},   {"Co", 27, "0066CC", 0.01110},
    {"Cr", 24, "CC3399", 0.01200}, {"Cu", 29, "CC6600", 0.01181}, {"Fe", 26, "CC3300", 0.01178},
    {"Ga", 31, "996699", 0.01958}, {"H", 1, "999933", 0},         {"Ir", 77, "333399", 0.01414},
    {"Mg", 12, "99CC33", 0.02324}, {"Mn", 25, "9933CC", 0.01221}, {"Mo", 42, "339999", 0.01558},
    {"Nb", 41, "669933", 0.01798}, {"Ni", 28, "33A02C", 0.01094}, {"Pd", 46, "3366FF", 0.01472},
    {"Pt", 78, "AA77CC", 0.01510}, {"Re", 75, "006666", 0.01471}, {"Rh", 45, "FF9999", 0.01377},
    {"Ru", 44, "CC9966", 0.01357}, {"Si", 14, "FFCC66", 0.02002}, {"Ta", 73, "993333", 0.01801},
    {"Ti", 22, "66CCFF", 0.01766}, {"V", 23, "FF66CC", 0.01388},  {"W", 74, "3333CC", 0.01585},
    {"Zn", 30, "77AA99", 0.01520}, {"Zr", 40, "117733", 0.02328},
};

enum { ELEMENTS = sizeof elements / sizeof *elements };

const csro_simulated_element *csro_simulated_element_find(const char *symbol) {
  for (int k = 0; k < ELEMENTS; k++)
    if (strcmp(elements[k].symbol, symbol) == 0)
      return &elements[k];
  return NULL;
}

void csro_simulated_elements_list(int size, char *text) {
  int at = 0;
  text[0] = 0;
  for (int k = 0; k < ELEMENTS && at < size; k++)
    at += snprintf(text + at, (size_t)(size - at), "%s%s", k ? " " : "", elements[k].symbol);
}
