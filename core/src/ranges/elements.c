#include "ranges/elements.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const struct {
  char symbol[3];
  float mass;          /* standard atomic mass; of the longest-lived isotope where there is none */
  uint8_t isotope[11]; /* mass numbers of the natural isotopes, ascending, 0 behind the last */
} table[] = {
    {"", 0, {0}},
    {"H", 1.008f, {1, 2}},
    {"He", 4.0026f, {3, 4}},
    {"Li", 6.94f, {6, 7}},
    {"Be", 9.0122f, {9}},
    {"B", 10.81f, {10, 11}},
    {"C", 12.011f, {12, 13}},
    {"N", 14.007f, {14, 15}},
    {"O", 15.999f, {16, 17, 18}},
    {"F", 18.998f, {19}},
    {"Ne", 20.18f, {20, 21, 22}},
    {"Na", 22.99f, {23}},
    {"Mg", 24.305f, {24, 25, 26}},
    {"Al", 26.982f, {27}},
    {"Si", 28.085f, {28, 29, 30}},
    {"P", 30.974f, {31}},
    {"S", 32.06f, {32, 33, 34, 36}},
    {"Cl", 35.45f, {35, 37}},
    {"Ar", 39.948f, {36, 38, 40}},
    {"K", 39.098f, {39, 40, 41}},
    {"Ca", 40.078f, {40, 42, 43, 44, 46, 48}},
    {"Sc", 44.956f, {45}},
    {"Ti", 47.867f, {46, 47, 48, 49, 50}},
    {"V", 50.942f, {50, 51}},
    {"Cr", 51.996f, {50, 52, 53, 54}},
    {"Mn", 54.938f, {55}},
    {"Fe", 55.845f, {54, 56, 57, 58}},
    {"Co", 58.933f, {59}},
    {"Ni", 58.693f, {58, 60, 61, 62, 64}},
    {"Cu", 63.546f, {63, 65}},
    {"Zn", 65.38f, {64, 66, 67, 68, 70}},
    {"Ga", 69.723f, {69, 71}},
    {"Ge", 72.63f, {70, 72, 73, 74, 76}},
    {"As", 74.922f, {75}},
    {"Se", 78.971f, {74, 76, 77, 78, 80, 82}},
    {"Br", 79.904f, {79, 81}},
    {"Kr", 83.798f, {78, 80, 82, 83, 84, 86}},
    {"Rb", 85.468f, {85, 87}},
    {"Sr", 87.62f, {84, 86, 87, 88}},
    {"Y", 88.906f, {89}},
    {"Zr", 91.224f, {90, 91, 92, 94, 96}},
    {"Nb", 92.906f, {93}},
    {"Mo", 95.95f, {92, 94, 95, 96, 97, 98, 100}},
    {"Tc", 98, {0}},
    {"Ru", 101.07f, {96, 98, 99, 100, 101, 102, 104}},
    {"Rh", 102.91f, {103}},
    {"Pd", 106.42f, {102, 104, 105, 106, 108, 110}},
    {"Ag", 107.87f, {107, 109}},
    {"Cd", 112.41f, {106, 108, 110, 111, 112, 113, 114, 116}},
    {"In", 114.82f, {113, 115}},
    {"Sn", 118.71f, {112, 114, 115, 116, 117, 118, 119, 120, 122, 124}},
    {"Sb", 121.76f, {121, 123}},
    {"Te", 127.6f, {120, 122, 123, 124, 125, 126, 128, 130}},
    {"I", 126.9f, {127}},
    {"Xe", 131.29f, {124, 126, 128, 129, 130, 131, 132, 134, 136}},
    {"Cs", 132.91f, {133}},
    {"Ba", 137.33f, {130, 132, 134, 135, 136, 137, 138}},
    {"La", 138.91f, {138, 139}},
    {"Ce", 140.12f, {136, 138, 140, 142}},
    {"Pr", 140.91f, {141}},
    {"Nd", 144.24f, {142, 143, 144, 145, 146, 148, 150}},
    {"Pm", 145, {0}},
    {"Sm", 150.36f, {144, 147, 148, 149, 150, 152, 154}},
    {"Eu", 151.96f, {151, 153}},
    {"Gd", 157.25f, {152, 154, 155, 156, 157, 158, 160}},
    {"Tb", 158.93f, {159}},
    {"Dy", 162.5f, {156, 158, 160, 161, 162, 163, 164}},
    {"Ho", 164.93f, {165}},
    {"Er", 167.26f, {162, 164, 166, 167, 168, 170}},
    {"Tm", 168.93f, {169}},
    {"Yb", 173.05f, {168, 170, 171, 172, 173, 174, 176}},
    {"Lu", 174.97f, {175, 176}},
    {"Hf", 178.49f, {174, 176, 177, 178, 179, 180}},
    {"Ta", 180.95f, {180, 181}},
    {"W", 183.84f, {180, 182, 183, 184, 186}},
    {"Re", 186.21f, {185, 187}},
    {"Os", 190.23f, {184, 186, 187, 188, 189, 190, 192}},
    {"Ir", 192.22f, {191, 193}},
    {"Pt", 195.08f, {190, 192, 194, 195, 196, 198}},
    {"Au", 196.97f, {197}},
    {"Hg", 200.59f, {196, 198, 199, 200, 201, 202, 204}},
    {"Tl", 204.38f, {203, 205}},
    {"Pb", 207.2f, {204, 206, 207, 208}},
    {"Bi", 208.98f, {209}},
    {"Po", 209, {0}},
    {"At", 210, {0}},
    {"Rn", 222, {0}},
    {"Fr", 223, {0}},
    {"Ra", 226, {0}},
    {"Ac", 227, {0}},
    {"Th", 232.04f, {230, 232}},
    {"Pa", 231.04f, {231}},
    {"U", 238.03f, {234, 235, 238}},
    {"Np", 237, {0}},
    {"Pu", 244, {0}},
    {"Am", 243, {0}},
    {"Cm", 247, {0}},
    {"Bk", 247, {0}},
    {"Cf", 251, {0}},
    {"Es", 252, {0}},
    {"Fm", 257, {0}},
    {"Md", 258, {0}},
    {"No", 259, {0}},
    {"Lr", 262, {0}},
    {"Rf", 267, {0}},
    {"Db", 268, {0}},
    {"Sg", 269, {0}},
    {"Bh", 270, {0}},
    {"Hs", 269, {0}},
    {"Mt", 277, {0}},
    {"Ds", 281, {0}},
    {"Rg", 282, {0}},
    {"Cn", 285, {0}},
    {"Nh", 286, {0}},
    {"Fl", 290, {0}},
    {"Mc", 290, {0}},
    {"Lv", 293, {0}},
    {"Ts", 294, {0}},
    {"Og", 294, {0}},
};

enum { element_count = sizeof table / sizeof *table, lithium = 3 };

int csro_element_find(const char *symbol, size_t length) {
  for (int i = 1; i < element_count; i++)
    if (strlen(table[i].symbol) == length && memcmp(table[i].symbol, symbol, length) == 0)
      return i;
  return 0;
}

const char *csro_element_symbol(int element) {
  return table[element].symbol;
}

static int heaviest_number(int element) {
  int last = 0;
  while (table[element].isotope[last + 1])
    last++;
  return table[element].isotope[last];
}

double csro_element_lightest(int element) {
  double mass = (double)table[element].mass;
  int isotope = element < lithium ? 0 : table[element].isotope[0];
  return isotope ? fmin(mass, csro_isotope_mass(element, isotope)) : mass;
}

double csro_element_heaviest(int element) {
  double mass = (double)table[element].mass;
  int isotope = element < lithium ? 0 : heaviest_number(element);
  return isotope ? fmax(mass, csro_isotope_mass(element, isotope)) : mass;
}

double csro_isotope_mass(int element, int isotope) {
  static const struct {
    int element, isotope;
    double mass;
  } light[] = {{1, 1, 1.00783},  {1, 2, 2.0141},  {1, 3, 3.01605}, {2, 3, 3.01603},
               {2, 4, 4.0026},   {3, 6, 6.01512}, {3, 7, 7.016},   {4, 9, 9.01218},
               {5, 10, 10.0129}, {5, 11, 11.0093}};
  for (size_t i = 0; i < sizeof light / sizeof *light; i++)
    if (light[i].element == element && light[i].isotope == isotope)
      return light[i].mass;
  return isotope;
}

bool csro_isotope_is_natural(int element, int isotope) {
  for (int i = 0; table[element].isotope[i]; i++)
    if (table[element].isotope[i] == isotope)
      return true;
  return element == csro_hydrogen && isotope == 3;
}

bool csro_isotope_is_possible(int element, int isotope) {
  if (csro_isotope_is_natural(element, isotope))
    return true;
  return isotope > 3 && isotope >= csro_element_lightest(element) * 7 / 8 &&
         isotope <= csro_element_heaviest(element) * 9 / 8 + 1;
}
