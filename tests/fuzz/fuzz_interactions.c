/* Interaction files: what is read is sound, comes back from its text, and runs on a small box. */
#include "csro/monte_carlo.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

/* A few sweeps on a box of few sites. */
static void run(const csro_interactions *interactions) {
  csro_context context = fuzz_context();
  csro_lattice lattice;
  csro_monte_carlo *made;
  if (interactions->basis_count > 16)
    return;
  csro_status status = csro_interactions_lattice(&context, interactions, interactions->shares,
                                                 (int[3]){5, 4, 4}, 1, &lattice);
  fuzz_check_status(&context, status);
  if (status != CSRO_OK)
    return;
  status = csro_monte_carlo_create(&context, interactions, &lattice, 1, &made);
  FUZZ_CHECK(status == CSRO_OK || context.message[0]);
  if (status == CSRO_OK) {
    double energy;
    FUZZ_CHECK(csro_monte_carlo_sweep(&context, made, 500, 0.5, 2) == CSRO_OK);
    csro_monte_carlo_species(made, lattice.species);
    FUZZ_CHECK(csro_lattice_check(&context, &lattice) == CSRO_OK);
    FUZZ_CHECK(csro_interactions_energy(&context, interactions, &lattice, &energy) == CSRO_OK);
    FUZZ_CHECK(fabs(energy - csro_monte_carlo_energy(made)) <= 1e-3 + 1e-5 * fabs(energy));
  }
  csro_monte_carlo_destroy(&made);
  csro_lattice_release(&lattice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  csro_context context = fuzz_context();
  csro_interactions *interactions, *again;
  csro_status status = csro_interactions_parse(&context, "input", data, size, &interactions);
  fuzz_check_status(&context, status);
  FUZZ_CHECK((status == CSRO_OK) == (interactions != NULL));
  if (interactions) {
    char *text;
    FUZZ_CHECK(csro_interactions_check(&context, interactions) == CSRO_OK);
    FUZZ_CHECK(csro_interactions_text(&context, interactions, &text) == CSRO_OK);
    FUZZ_CHECK(csro_interactions_parse(&context, "text", text, strlen(text), &again) == CSRO_OK);
    FUZZ_CHECK(again->cluster_count == interactions->cluster_count);
    FUZZ_CHECK(memcmp(again->pairs, interactions->pairs,
                      (size_t)(again->shell_count * again->species_count * again->species_count) *
                          sizeof *again->pairs) == 0);
    free(text);
    csro_interactions_destroy(&again);
    run(interactions);
  }
  csro_interactions_destroy(&interactions);
  return 0;
}
