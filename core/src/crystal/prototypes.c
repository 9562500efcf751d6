#include "crystal/prototypes.h"

const char *const csro_prototype_names[CSRO_PROTOTYPES] = {"fcc",  "bcc", "L1_2", "L1_0", "L1_1",
                                                           "DO22", "B2",  "D0_3", "MoPt2"};

static const csro_prototype_site fcc[] = {
    {{0, 0, 0}, 0}, {{0, 1, 1}, 0}, {{1, 0, 1}, 0}, {{1, 1, 0}, 0}};

static const csro_prototype_site bcc[] = {{{0, 0, 0}, 0}, {{1, 1, 1}, 0}};

static const csro_prototype_site l1_2[] = {
    {{0, 0, 0}, 1}, {{0, 1, 1}, 0}, {{1, 0, 1}, 0}, {{1, 1, 0}, 0}};

static const csro_prototype_site l1_0[] = {
    {{0, 0, 0}, 0}, {{0, 1, 1}, 1}, {{1, 0, 1}, 1}, {{1, 1, 0}, 0}};

static const csro_prototype_site l1_1[] = {
    {{0, 0, 0}, 1}, {{0, 0, 2}, 0}, {{0, 1, 1}, 0}, {{0, 1, 3}, 1}, {{0, 2, 0}, 0}, {{0, 2, 2}, 1},
    {{0, 3, 1}, 1}, {{0, 3, 3}, 0}, {{1, 0, 1}, 0}, {{1, 0, 3}, 1}, {{1, 1, 0}, 0}, {{1, 1, 2}, 1},
    {{1, 2, 1}, 1}, {{1, 2, 3}, 0}, {{1, 3, 0}, 1}, {{1, 3, 2}, 0}, {{2, 0, 0}, 0}, {{2, 0, 2}, 1},
    {{2, 1, 1}, 1}, {{2, 1, 3}, 0}, {{2, 2, 0}, 1}, {{2, 2, 2}, 0}, {{2, 3, 1}, 0}, {{2, 3, 3}, 1},
    {{3, 0, 1}, 1}, {{3, 0, 3}, 0}, {{3, 1, 0}, 1}, {{3, 1, 2}, 0}, {{3, 2, 1}, 0}, {{3, 2, 3}, 1},
    {{3, 3, 0}, 0}, {{3, 3, 2}, 1}};

static const csro_prototype_site do22[] = {{{0, 0, 0}, 1}, {{0, 0, 2}, 0}, {{0, 1, 1}, 0},
                                           {{0, 1, 3}, 0}, {{1, 0, 1}, 0}, {{1, 0, 3}, 0},
                                           {{1, 1, 0}, 0}, {{1, 1, 2}, 1}};

static const csro_prototype_site b2[] = {{{0, 0, 0}, 0}, {{1, 1, 1}, 1}};

static const csro_prototype_site d0_3[] = {
    {{0, 0, 0}, 0}, {{0, 0, 2}, 0}, {{0, 2, 0}, 0}, {{0, 2, 2}, 0}, {{1, 1, 1}, 1}, {{1, 1, 3}, 2},
    {{1, 3, 1}, 2}, {{1, 3, 3}, 1}, {{2, 0, 0}, 0}, {{2, 0, 2}, 0}, {{2, 2, 0}, 0}, {{2, 2, 2}, 0},
    {{3, 1, 1}, 2}, {{3, 1, 3}, 1}, {{3, 3, 1}, 1}, {{3, 3, 3}, 2}};

/* Every third of the (022) planes whose normal is a + b is B. */
static const csro_prototype_site mopt2[] = {
    {{0, 0, 0}, 1}, {{0, 1, 1}, 0}, {{0, 2, 0}, 0}, {{0, 3, 1}, 1}, {{0, 4, 0}, 0}, {{0, 5, 1}, 0},
    {{1, 0, 1}, 0}, {{1, 1, 0}, 0}, {{1, 2, 1}, 1}, {{1, 3, 0}, 0}, {{1, 4, 1}, 0}, {{1, 5, 0}, 1},
    {{2, 0, 0}, 0}, {{2, 1, 1}, 1}, {{2, 2, 0}, 0}, {{2, 3, 1}, 0}, {{2, 4, 0}, 1}, {{2, 5, 1}, 0},
    {{3, 0, 1}, 1}, {{3, 1, 0}, 0}, {{3, 2, 1}, 0}, {{3, 3, 0}, 1}, {{3, 4, 1}, 0}, {{3, 5, 0}, 0},
    {{4, 0, 0}, 0}, {{4, 1, 1}, 0}, {{4, 2, 0}, 1}, {{4, 3, 1}, 0}, {{4, 4, 0}, 0}, {{4, 5, 1}, 1},
    {{5, 0, 1}, 0}, {{5, 1, 0}, 1}, {{5, 2, 1}, 0}, {{5, 3, 0}, 0}, {{5, 4, 1}, 1}, {{5, 5, 0}, 0}};

#define SITES(table) .site_count = sizeof table / sizeof table[0], .sites = table

const csro_prototype csro_prototypes[CSRO_PROTOTYPES] = {
    {.cells = {1, 1, 1}, .sublattice_count = 1, .sublattices = {"A"}, SITES(fcc)},
    {.cells = {1, 1, 1}, .sublattice_count = 1, .sublattices = {"A"}, SITES(bcc)},
    {.cells = {1, 1, 1}, .sublattice_count = 2, .sublattices = {"A", "B"}, SITES(l1_2)},
    {.cells = {1, 1, 1}, .sublattice_count = 2, .sublattices = {"A", "B"}, SITES(l1_0)},
    {.cells = {2, 2, 2}, .sublattice_count = 2, .sublattices = {"A", "B"}, SITES(l1_1)},
    {.cells = {1, 1, 2}, .sublattice_count = 2, .sublattices = {"A", "B"}, SITES(do22)},
    {.cells = {1, 1, 1}, .sublattice_count = 2, .sublattices = {"A", "B"}, SITES(b2)},
    {.cells = {2, 2, 2}, .sublattice_count = 3, .sublattices = {"A", "A2", "B"}, SITES(d0_3)},
    {.cells = {3, 3, 1}, .sublattice_count = 2, .sublattices = {"A", "B"}, SITES(mopt2)},
};
