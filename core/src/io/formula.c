/* Chemical formulas. */
#include "io/range_text.h"

#include <string.h>

static const char elements[] =
    " H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se "
    "Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy "
    "Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf "
    "Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og ";

static bool is_element(const char *symbol) {
  char wanted[8] = " ";
  strcat(wanted, symbol);
  strcat(wanted, " ");
  return strstr(elements, wanted) != NULL;
}

/* Reads one symbol and its count; NULL when there is none. */
static const char *parse_atoms(const char *p, char symbol[3], int *count) {
  symbol[0] = *p++;
  symbol[1] = *p >= 'a' && *p <= 'z' ? *p++ : 0;
  symbol[2] = 0;
  if (symbol[0] < 'A' || symbol[0] > 'Z' || !is_element(symbol))
    return NULL;
  *count = 0;
  if (*p < '0' || *p > '9') {
    *count = 1;
    return p;
  }
  for (; *p >= '0' && *p <= '9'; p++)
    if ((*count = 10 * *count + (*p - '0')) > 1000)
      return NULL;
  return *count > 0 ? p : NULL;
}

bool csro_formula_parse(const char *text, csro_species *species) {
  species->components = 0;
  while (text && *text) {
    char symbol[3];
    int count;
    text = parse_atoms(text, symbol, &count);
    if (text && !csro_species_add(species, symbol, count))
      text = NULL;
  }
  if (!text)
    species->components = 0;
  return species->components > 0;
}
