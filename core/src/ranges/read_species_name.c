#include "ranges/read_species_name.h"

#include "ranges/elements.h"

#include <stdlib.h>
#include <string.h>

/* Labels that can be read in a great many ways are read in some. */
enum { most_steps = 4096 };

typedef struct label_reader {
  csro_reading *readings;
  int count, steps;
  bool one_symbol;
  const char *start;
} label_reader;

/* What a label means up to a place. */
typedef struct state {
  const char *p;
  csro_reading reading;
  bool uncounted; /* a symbol has no count behind it */
  bool charge_in_front;
} state;

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_separator(char c) {
  return c == '_' || c == ' ' || c == '^' || c == '(' || c == '[';
}

static const char *skip_digits(const char *p) {
  while (is_digit(*p))
    p++;
  return p;
}

/* The value of digits, 0 for none, at most 9999. */
static int value_of(const char *p, const char *end) {
  int value = 0;
  for (; p < end; p++)
    value = value > 999 ? 9999 : 10 * value + (*p - '0');
  return value;
}

/* "Al", "D", "T"; NULL when there is no symbol at p. */
static const char *parse_symbol(const char *p, int *element, int *isotope) {
  *isotope = 0;
  for (size_t length = 2; length > 0; length--) {
    if (memchr(p, 0, length))
      continue;
    *element = csro_element_find(p, length);
    bool cut = p[length] >= 'a' && p[length] <= 'z';
    if (*element && !cut)
      return p + length;
  }
  if ((*p != 'D' && *p != 'T') || (p[1] >= 'a' && p[1] <= 'z'))
    return NULL;
  *element = csro_hydrogen;
  *isotope = *p == 'D' ? 2 : 3;
  return p + 1;
}

/* A charge that ends the label: "+", "++", "_2+", "^2+", "(2+)", "+2". 0 when there is none. */
static int parse_charge(const char *p) {
  bool closed = false;
  while (is_separator(*p))
    closed = *p++ != '_' || closed;
  const char *digits = p, *plus = skip_digits(p);
  int charge = value_of(digits, plus), count = 0;
  for (p = plus; *p == '+'; p++)
    count++;
  if (count == 0 || (plus > digits && count > 1))
    return 0;
  if (is_digit(*p) && plus == digits && count == 1) {
    charge = value_of(p, skip_digits(p));
    p = skip_digits(p);
  } else if (plus == digits) {
    charge = count;
  }
  while (closed && (*p == ')' || *p == ']'))
    p++;
  return *p == 0 && charge >= 1 && charge <= 9 ? charge : 0;
}

static void emit(label_reader *reader, const state *now) {
  if (now->reading.species.components == 0 || (now->charge_in_front && now->uncounted) ||
      reader->count == csro_most_readings)
    return;
  for (int i = 0; i < reader->count; i++) {
    csro_reading *known = &reader->readings[i];
    if (known->species.charge == now->reading.species.charge &&
        csro_species_same_composition(&known->species, &now->reading.species))
      return;
  }
  int at = reader->count++;
  for (; at > 0 && reader->readings[at - 1].rank > now->reading.rank; at--)
    reader->readings[at] = reader->readings[at - 1];
  reader->readings[at] = now->reading;
}

static void read_on(label_reader *reader, state now);

/* Goes on behind a symbol whose count and isotope are decided. */
static void take(label_reader *reader, state now, int element, int isotope, int count,
                 const char *behind) {
  csro_component component = {.isotope = isotope, .count = count};
  strcpy(component.symbol, csro_element_symbol(element));
  if (count < 1 || count > 1000 || !csro_species_add(&now.reading.species, &component, 1))
    return;
  now.p = behind;
  read_on(reader, now);
}

/* p: behind the symbol. */
static void read_number_behind(label_reader *reader, const state *now, int element, int isotope,
                               const char *p) {
  const char *end = skip_digits(p);
  state next = *now;
  if (*end == '+' && end > p) { /* the last digit is the charge */
    state charged = *now;
    charged.uncounted = charged.uncounted || end == p + 1;
    take(reader, charged, element, isotope, end == p + 1 ? 1 : value_of(p, end - 1), end - 1);
    if (end > p + 1 && !isotope && csro_isotope_is_natural(element, value_of(p, end - 1))) {
      charged.uncounted = true;
      charged.reading.isotopes++;
      charged.reading.rank++;
      take(reader, charged, element, value_of(p, end - 1), 1, end - 1);
    }
    next.reading.rank += 2;
  }
  next.uncounted = next.uncounted || end == p;
  take(reader, next, element, isotope, end > p ? value_of(p, end) : 1, end);
  if (end == p)
    return;
  int number = value_of(p, end), following, ignored;
  next.uncounted = true;
  next.reading.rank++;
  if (number >= 5 && parse_symbol(end, &following, &ignored) &&
      csro_isotope_is_natural(following, number))
    take(reader, next, element, isotope, 1, p);
  if (isotope || !csro_isotope_is_natural(element, number) || number == 1 ||
      (number < 5 && !reader->one_symbol))
    return;
  next.reading.isotopes += number >= 5;
  take(reader, next, element, number, 1, end);
}

static void read_symbol(label_reader *reader, const state *now, const char *digits, const char *p) {
  int element, isotope, number = value_of(digits, p);
  const char *behind = parse_symbol(p, &element, &isotope);
  if (!behind)
    return;
  if (p == digits) {
    read_number_behind(reader, now, element, isotope, behind);
    return;
  }
  state next = *now;
  if (digits == reader->start && number >= 1 && number <= 9) {
    next.charge_in_front = true;
    next.reading.species.charge = number;
    read_number_behind(reader, &next, element, isotope, behind);
    next = *now;
    next.reading.rank++;
  }
  if (!isotope && csro_isotope_is_possible(element, number))
    read_number_behind(reader, &next, element, number, behind);
}

static void read_on(label_reader *reader, state now) {
  if (++reader->steps > most_steps)
    return;
  if (*now.p == 0) {
    emit(reader, &now);
    return;
  }
  int charge = now.p > reader->start ? parse_charge(now.p) : 0;
  if (charge > 0) {
    if (now.charge_in_front)
      return;
    now.reading.species.charge = charge;
    emit(reader, &now);
    return;
  }
  while (now.p > reader->start && (*now.p == '_' || *now.p == ' '))
    now.p++;
  read_symbol(reader, &now, now.p, skip_digits(now.p));
}

int csro_readings_of_label(const char *label, csro_reading readings[csro_most_readings]) {
  int symbols = 0;
  for (const char *p = label; *p; p++)
    symbols += *p >= 'A' && *p <= 'Z';
  label_reader reader = {.readings = readings, .one_symbol = symbols == 1, .start = label};
  read_on(&reader, (state){.p = label});
  return reader.count;
}

static bool is_same(const csro_component *a, const csro_component *b) {
  return a->isotope == b->isotope && strcmp(a->symbol, b->symbol) == 0;
}

bool csro_species_add(csro_species *species, const csro_component *more, int times) {
  if (more->count > 1000 || times > 1000)
    return false;
  for (int k = 0; k < species->components; k++)
    if (is_same(&species->component[k], more)) {
      species->component[k].count += more->count * times;
      return species->component[k].count <= 1000;
    }
  if (species->components == sizeof species->component / sizeof *species->component)
    return false;
  csro_component *component = &species->component[species->components++];
  *component = *more;
  component->count *= times;
  return component->count <= 1000;
}

bool csro_species_fits(const csro_species *species, double lo, double hi) {
  double least = 0, most = 0;
  for (int k = 0; k < species->components; k++) {
    const csro_component *c = &species->component[k];
    int element = csro_element_find(c->symbol, strlen(c->symbol));
    if (!element)
      return false;
    least += c->count *
             (c->isotope ? csro_isotope_mass(element, c->isotope) : csro_element_lightest(element));
    most += c->count *
            (c->isotope ? csro_isotope_mass(element, c->isotope) : csro_element_heaviest(element));
  }
  for (int charge = 1; charge <= 9; charge++) {
    if (species->charge ? charge != species->charge : charge > 4)
      continue;
    if (0.99 * least / charge <= hi && lo <= 1.01 * most / charge)
      return species->components > 0;
  }
  return false;
}

bool csro_species_same_composition(const csro_species *a, const csro_species *b) {
  int same = 0;
  for (int i = 0; i < a->components; i++)
    for (int j = 0; j < b->components; j++)
      same += a->component[i].count == b->component[j].count &&
              is_same(&a->component[i], &b->component[j]);
  return a->components == b->components && same == a->components;
}

void csro_species_merge_isotopes(csro_species *species) {
  csro_species merged = *species;
  merged.components = 0;
  for (int k = 0; k < species->components; k++) {
    csro_component component = species->component[k];
    component.isotope = 0;
    int known = 0;
    while (known < merged.components && !is_same(&merged.component[known], &component))
      known++;
    if (known < merged.components)
      merged.component[known].count += component.count;
    else
      merged.component[merged.components++] = component;
  }
  *species = merged;
}

bool csro_species_same_elements(const csro_species *a, const csro_species *b) {
  csro_species p = *a, q = *b;
  csro_species_merge_isotopes(&p);
  csro_species_merge_isotopes(&q);
  return csro_species_same_composition(&p, &q);
}
